package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import xyz.openledger.actors.audit.AuditReport;
import xyz.openledger.chainanchor.evm.RpcWitness;
import xyz.openledger.chainanchor.receipts.Check;
import xyz.openledger.chainanchor.receipts.TrustedStart;
import xyz.openledger.cluster.audit.AuditRun;
import xyz.openledger.cluster.evidence.ReceiptChecks;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.api.Anchor;
import xyz.openledger.protocol.api.EarningsClaim;
import xyz.openledger.protocol.api.NodeSummary;
import xyz.openledger.protocol.api.ReceiptLevel;
import xyz.openledger.protocol.json.Json;

/**
 * The second half of the story: what the jobs left behind is anchored, checked, paid out, and added
 * up again.
 */
final class Proofs {
  private final LocalNetwork network;
  private final Story story;

  Proofs(LocalNetwork network, Story story) {
    this.network = network;
    this.story = story;
  }

  /** Waits until all receipts are under a checkpoint that is final on the chain. */
  Anchor anchored(Jobs jobs) {
    story.chapter("Receipts are anchored");
    long last =
        jobs.finished().values().stream()
            .map(job -> job.job().receiptIndex())
            .filter(index -> index != null)
            .mapToLong(Long::longValue)
            .max()
            .orElse(0);
    var found = new Anchor[1];
    LocalNetwork.await(
        "a final checkpoint over all receipts",
        () -> {
          for (Anchor anchor : network.client().receipts().anchors()) {
            if (anchor.size() > last && anchor.level() == ReceiptLevel.FINAL) {
              found[0] = anchor;
            }
          }
          return found[0] != null;
        });
    Anchor anchor = found[0];
    story.check(
        "anchored",
        anchor.block() != null,
        "checkpoint of %d receipts is final: transaction %s, block %s",
        anchor.size(),
        String.valueOf(anchor.transaction()),
        String.valueOf(anchor.block()));
    return anchor;
  }

  /** Checks one receipt against the chain alone, whole and with one bit flipped. */
  void verify(Jobs jobs) throws IOException {
    story.chapter("Receipts, checked against the chain alone");
    for (String policy : List.of("adaptive", "most-reliable", "freivalds", "zk")) {
      verify(jobs, policy);
    }
    JobId job = jobs.finished().keySet().iterator().next();
    byte[] bundle = Json.write(network.client().receipts().prove(job.value()));
    Path file = network.data().resolve("run/receipt.json");
    Files.write(file, bundle);
    var start = start();
    var verdict = ReceiptChecks.verify(bundle, start);
    for (Check check : verdict.checks()) {
      story.line(
          "%-12s %-7s %s",
          check.name(), check.outcome().name().toLowerCase(Locale.ROOT), check.reason());
    }
    story.check("receipt-verified", verdict.verified(), "the receipt of %s holds: %s", job, file);
    byte[] flipped = bundle.clone();
    int at = new String(bundle, StandardCharsets.UTF_8).indexOf("\"fuelUsed\":\"") + 12;
    if (at < 12) {
      throw new IllegalStateException("the receipt does not say what fuel was used");
    }
    flipped[at] ^= 1;
    story.check(
        "flipped-bit-refused",
        !ReceiptChecks.verify(flipped, start).verified(),
        "with one bit flipped it does not");
  }

  /** Checks the receipt of one job under that policy. */
  private void verify(Jobs jobs, String policy) throws IOException {
    JobId job =
        jobs.finished().keySet().stream()
            .filter(id -> jobs.work(id).policyName().equals(policy))
            .findFirst()
            .orElseThrow();
    byte[] bundle = Json.write(network.client().receipts().prove(job.value()));
    var verdict = ReceiptChecks.verify(bundle, start());
    String found =
        verdict.checks().stream()
            .filter(check -> check.name().equals(ReceiptChecks.EVIDENCE))
            .map(Check::reason)
            .findFirst()
            .orElse("no evidence");
    story.check(
        policy + "-receipt-verified",
        verdict.verified() && verdict.checks().getLast().outcome() == Check.Outcome.PASSED,
        "the receipt of %s, under %s, holds: %s",
        job,
        policy,
        found);
  }

  private TrustedStart start() throws IOException {
    return TrustedStart.of(
        RpcWitness.connect(
            network.chain().rpc().uri(),
            network.contracts().anchorLog(),
            network.contracts().registry(),
            network.contracts().fromBlock()));
  }

  /** Claims what one owner has earned, and looks at his balance on the chain. */
  EarningsClaim claim() throws IOException {
    story.chapter("A reward is claimed");
    var ada = network.owner(Cast.ADA);
    var contracts = network.contracts();
    NodeSummary node = network.node(Cast.ADA);
    LocalNetwork.await(
        "ada's earnings to be final",
        () -> network.client().accounts().earnings(node.id().value()).claimableNanoOpen() > 0);
    BigInteger before = network.chain().balance(contracts.token(), ada);
    EarningsClaim claim = network.client().accounts().claim(ada);
    BigInteger after = network.chain().balance(contracts.token(), ada);
    BigInteger gained = after.subtract(before).divide(BigInteger.valueOf(1_000_000_000));
    story.check(
        "claimed",
        gained.signum() > 0,
        "ada's owner %s: %s OPEN before, %s OPEN after; transaction %s",
        ada,
        Jobs.open(before.divide(BigInteger.valueOf(1_000_000_000)).longValueExact()),
        Jobs.open(after.divide(BigInteger.valueOf(1_000_000_000)).longValueExact()),
        String.valueOf(claim.transaction()));
    settle();
    return claim;
  }

  /** Leaves the claim's block time to become final, and the last payout time to be published. */
  private void settle() throws IOException {
    long block = network.chain().head().number();
    LocalNetwork.await(
        "the claim's block to be final",
        () -> {
          try {
            return network.chain().head().finalNumber() > block + 1;
          } catch (IOException away) {
            return false;
          }
        });
    LocalNetwork.await(
        "books and chain to be at the same place",
        () ->
            network.client().network().nodes(null).stream()
                .map(node -> network.client().accounts().earnings(node.id().value()))
                .allMatch(
                    statement ->
                        statement.earnedNanoOpen() == 0 && statement.publishingNanoOpen() == 0));
  }

  /** Audits the network, which must have been stopped. */
  void audit() throws IOException {
    story.chapter("Audit: everything again, from the journal and the chain");
    AuditReport report = AuditRun.of(network.data(), Demo.home());
    report.lines().forEach(line -> story.line("%s", line));
    story.check(
        "audit",
        report.findings().isEmpty(),
        report.findings().isEmpty() ? "nothing is wrong" : "%s",
        report.findings());
  }
}
