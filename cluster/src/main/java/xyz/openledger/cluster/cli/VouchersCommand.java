package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.DepositTerms;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.JobSummary;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.json.Json;

@Command(
    name = "vouchers",
    description =
        "Shows what a session key owes, promised and paid to each pool; signs and settles.",
    footer = {
      "",
      "What is owed is added up from the receipts of the tenant's settled jobs, since the key was"
          + " made.",
      "",
      "Example: openledger account vouchers --sign --settle .openledger/keys/requester.pem"
    })
final class VouchersCommand implements Callable<Integer> {
  /** How many of the newest settled jobs are added up. */
  private static final int JOBS_MAX = 5_000;

  @Mixin Member member;

  @Option(names = "--sign", description = "promise each pool what is owed to it")
  boolean sign;

  @Option(
      names = "--settle",
      paramLabel = "FILE",
      description =
          "bring the vouchers to the chain; FILE holds the key that pays the gas, anybody's")
  @Nullable Path settle;

  @Mixin SessionFileChoice sessionFile = new SessionFileChoice();

  @Mixin AccountChoice account = new AccountChoice();

  VouchersCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() throws IOException {
    OpenLedgerClient client = member.client();
    DepositTerms terms = account.terms(member);
    SessionFile file = sessionFile.file(member, terms.tenant());
    if (!file.exists()) {
      throw CommandFailure.failed(
          "there is no session key " + file.path(), "openledger account authorise --help");
    }
    Path bringer = settle == null ? null : member.shell().resolve(settle);
    if (bringer != null && !Files.isRegularFile(bringer)) {
      throw CommandFailure.usage("there is no file " + bringer, "--settle", "");
    }
    Vouchers.Overview seen =
        Vouchers.look(
            account.chain(member),
            file,
            terms,
            owed(client, file.signed().sinceMillis()),
            sign,
            bringer);
    member.print(seen, () -> text(seen));
    return ExitCode.OK;
  }

  /** What the jobs that ended since then came to, by pool. */
  private static Map<PoolId, Long> owed(OpenLedgerClient client, long sinceMillis) {
    var owed = new HashMap<PoolId, Long>();
    for (JobSummary job :
        client.jobs().list(JobState.SETTLED, Map.of()).stream().limit(JOBS_MAX).toList()) {
      if (job.changedAtMillis() < sinceMillis || job.receiptIndex() == null) {
        continue;
      }
      Receipt receipt =
          Json.read(client.receipts().show(job.id().value()).document(), Receipt.class);
      receipt.tasks().stream()
          .flatMap(task -> task.replicas().stream())
          .filter(replica -> replica.paidNanoOpen() > 0)
          .forEach(replica -> owed.merge(replica.pool(), replica.paidNanoOpen(), Math::addExact));
    }
    return owed;
  }

  private static String text(Vouchers.Overview seen) {
    var session = seen.session();
    var fields =
        Table.fields(
            List.of(
                field("session key", session.terms().key()),
                field("of", session.terms().depositor()),
                field("may spend", Money.text(session.terms().capNanoOpen())),
                field("spent", Money.text(session.spentNanoOpen())),
                field(
                    session.released() ? "released" : "expires",
                    Instant.ofEpochSecond(session.terms().expiresAtSeconds()))));
    var table = Table.of("POOL", "OWED", "PROMISED", "ON CHAIN");
    for (Vouchers.Line line : seen.lines()) {
      table.row(
          Text.shortId(line.pool().value()),
          Money.text(line.owedNanoOpen()),
          Money.text(line.signedNanoOpen()),
          Money.text(line.onChainNanoOpen()));
    }
    return fields
        + "\n"
        + (seen.lines().isEmpty() ? "No job was paid since the key was made.\n" : table.text())
        + (seen.transaction() == null ? "" : "settled by " + seen.transaction() + "\n");
  }
}
