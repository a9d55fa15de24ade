package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.payouts.PayoutTree;
import xyz.openledger.cluster.audit.AuditRun;
import xyz.openledger.cluster.cli.ExitCode;
import xyz.openledger.cluster.cli.OpenLedger;
import xyz.openledger.cluster.cli.Shell;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.PublishedPayouts;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.KeyFile;

/**
 * The judge rejects an epoch of payouts, an operator takes it back, and the member is killed after
 * each step: everybody is paid once, by the next epoch. A member, a machine and a chain, all real.
 */
class RejectedEpochTest {
  private static final List<String> POOL = List.of("hearth");
  private static final String JUDGE = "keys/judge.pem";
  private static final long DEPOSIT = 10_000_000_000L;
  private static final long WINDOW_SECONDS = 36_000;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private record Ran(int code, String text) {}

  @Test
  void whatARejectedEpochWouldHavePaidIsPaidOnceByTheNextThoughTheMemberIsKilledBetweenTheSteps()
      throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    Address judge = KeyFile.secp256k1(data.resolve(JUDGE)).address();
    Files.writeString(
        data.resolve("openledger.conf"),
        """
        openledger.chain.judge = "%s"
        openledger.settlement.challenge-window-on-development-chain = %d s
        """
            .formatted(judge, WINDOW_SECONDS));
    try (var network = new LocalNetwork(data)) {
      network.startMember(POOL);
      network.startMachine(Cast.ADA);
      network.deposit(DEPOSIT);
      network.awaitReady(1);
      earn(network);
      coins(network, judge);
      LocalNetwork.await("an epoch that waits", () -> epochOnChain(network) == 1);
      outsidersCanMakeItsRootAgainAndFindAChangedAmount(network);
      assertThat(run(network, "payout", "reopen", "1", "--reason", "too early").text())
          .contains("the member has not seen its rejection");

      assertThat(reject(network, "keys/relayer.pem").text()).contains("not the judge's");
      assertThat(reject(network, JUDGE)).satisfies(ran -> assertThat(ran.code()).isZero());
      restart(network);
      takeBack(network);
      restart(network);
      assertThat(run(network, "payout", "reopen", "1", "--reason", "again"))
          .as("a repeat")
          .satisfies(ran -> assertThat(ran.code()).isZero())
          .satisfies(ran -> assertThat(ran.text()).contains("a wrong payee"));

      LocalNetwork.await(
          "the next epoch",
          () -> {
            standByTheRejection(network);
            return epochOnChain(network) == 2;
          });
      restart(network);
      network.chain().rpc().call("evm_increaseTime", WINDOW_SECONDS);
      LocalNetwork.await("what was rejected", () -> statement(network).claimableNanoOpen() > 0);
      paysOnce(network);
      earn(network);
      LocalNetwork.await("an epoch as ever", () -> epochOnChain(network) == 3);
    }
    assertThat(AuditRun.of(data, (URI) null).findings()).isEmpty();
  }

  /** Refused, with its reason, until the member has seen the rejection in the final chain. */
  private static void takeBack(LocalNetwork network) {
    var last = new AtomicReference<>(new Ran(-1, ""));
    LocalNetwork.await(
        "the member to take it back",
        () -> {
          standByTheRejection(network);
          last.set(run(network, "payout", "reopen", "1", "--reason", "a wrong payee"));
          return last.get().code() == ExitCode.OK;
        });
    assertThat(last.get().text()).contains("taken back; its number is not used again", "earned");
  }

  /** A development chain that is killed loses what it had not stored: its judge says it again. */
  private static void standByTheRejection(LocalNetwork network) {
    if (epochOnChain(network) == 1) {
      reject(network, JUDGE);
    }
  }

  /** What the one job brought. */
  private static void paysOnce(LocalNetwork network) throws IOException {
    long claimable = statement(network).claimableNanoOpen();
    Address owner = network.owner(Cast.ADA);
    var distributor = network.contracts().distributor();
    assertThat(balance(network, distributor))
        .as("funded once")
        .isEqualTo(wei(claimable + fees(network)));

    assertThat(run(network, "earnings", "claim", owner.value()).code()).isZero();

    assertThat(balance(network, owner)).isEqualTo(wei(claimable));
    LocalNetwork.await(
        "the claim to be final", () -> statement(network).claimedNanoOpen() == claimable);
    assertThat(run(network, "payout", "show").text()).contains("epoch 2");
  }

  private static long fees(LocalNetwork network) {
    return statement(network).lines().stream()
        .filter(line -> line.standing() == EarningsStatement.Standing.CLAIMABLE)
        .mapToLong(EarningsStatement.Line::feeNanoOpen)
        .sum();
  }

  /** The script that anybody runs, on an epoch that can be challenged. */
  private void outsidersCanMakeItsRootAgainAndFindAChangedAmount(LocalNetwork network)
      throws Exception {
    String rpc = rpc(network);
    String payouts = network.client().url() + "/log/payouts";
    Ran honest = script(payouts, rpc);
    assertThat(honest.code()).as(honest.text()).isZero();
    assertThat(honest.text()).contains("epoch 1 waits", "unless it is rejected");

    PublishedPayouts told = network.client().accounts().payouts();
    PublishedPayouts.Waiting waiting = Objects.requireNonNull(told.waiting());
    var more =
        waiting.payouts().stream()
            .map(each -> new PublishedPayouts.Payout(each.account(), each.cumulativeWei() + "0"))
            .toList();
    var lie = new PublishedPayouts.Waiting(waiting.epoch(), waiting.root(), more);
    assertThat(script(file(told, lie), rpc).text()).contains("are NOT the same");
    // Somebody who also changes the root that is told is found by the chain.
    var consistent = new PublishedPayouts.Waiting(waiting.epoch(), root(more), more);
    Ran found = script(file(told, consistent), rpc);
    assertThat(found.text()).contains("NOT the same: tell the judge");
    assertThat(found.code()).isEqualTo(1);
  }

  private static String root(List<PublishedPayouts.Payout> payouts) {
    var nano = new TreeMap<String, Long>();
    BigInteger unit = BigInteger.valueOf(1_000_000_000);
    payouts.forEach(
        each ->
            nano.put(
                each.account().value(),
                new BigInteger(each.cumulativeWei()).divide(unit).longValueExact()));
    return PayoutTree.of(nano).rootHex();
  }

  private String file(PublishedPayouts told, PublishedPayouts.@Nullable Waiting waiting)
      throws IOException {
    var changed =
        new PublishedPayouts(
            told.epoch(), told.chainId(), told.distributor(), told.payouts(), waiting);
    return Files.write(folder.resolve("payouts.json"), Json.write(changed)).toString();
  }

  private static Ran script(String payouts, String rpc) throws Exception {
    Path script = Demo.home().resolve("docs/check/payouts.mjs");
    Process process =
        new ProcessBuilder("node", script.toString(), payouts, rpc)
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), text);
  }

  private static void earn(LocalNetwork network) throws IOException {
    JobFile hello = JobFile.read(Demo.home().resolve("examples/hello/job.json"));
    hello.upload(network.client().blobs(), (_, _) -> {});
    var job = network.client().jobs().submit(hello.spec()).job();
    LocalNetwork.await(
        "the job",
        () -> network.client().jobs().show(job.value()).job().state() == JobState.SETTLED);
  }

  private static void restart(LocalNetwork network) throws IOException {
    network.killMember();
    network.startMember(POOL);
  }

  private static Ran reject(LocalNetwork network, String key) {
    return run(
        network,
        "payout",
        "reject",
        "1",
        "--rpc",
        rpc(network),
        "--contract",
        distributor(network).value(),
        "--key",
        network.data().resolve(key).toString());
  }

  private static Address distributor(LocalNetwork network) {
    try {
      return network.contracts().distributor();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void coins(LocalNetwork network, Address account) throws IOException {
    network.chain().rpc().call("anvil_setBalance", account.value(), "0x8ac7230489e80000");
  }

  private static long epochOnChain(LocalNetwork network) {
    try {
      return network.chain().payouts(distributor(network)).epoch();
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    }
  }

  private static EarningsStatement statement(LocalNetwork network) {
    return network.client().accounts().earnings(network.node(Cast.ADA).id().value());
  }

  private static BigInteger balance(LocalNetwork network, Address account) throws IOException {
    return network.chain().balance(network.contracts().token(), account);
  }

  private static BigInteger wei(long nanoOpen) {
    return BigInteger.valueOf(nanoOpen).multiply(BigInteger.valueOf(1_000_000_000));
  }

  private static String rpc(LocalNetwork network) {
    return Objects.requireNonNull(network.memberFile().rpcUrl()).toString();
  }

  private static Ran run(LocalNetwork network, String... arguments) {
    var out = new ByteArrayOutputStream();
    var print = new PrintStream(out, true, StandardCharsets.UTF_8);
    var shell =
        new Shell(
            print,
            print,
            Map.of("OPENLEDGER_DATA_DIR", network.data().toString()),
            network.data(),
            null,
            false);
    return new Ran(OpenLedger.run(shell, arguments), out.toString(StandardCharsets.UTF_8));
  }
}
