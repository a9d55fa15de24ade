package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.chainanchor.receipts.ChainWitness;
import xyz.openledger.cluster.evidence.EvidenceCheck;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;

@Command(
    name = "check",
    description = "Checks what audit export wrote, offline, and names each file that is wrong.",
    footer = {
      "",
      "Without --log-key and --rpc it says whether the bundle agrees with itself, which proves"
          + " nothing about where it",
      "came from. With --rpc the chain is asked for each checkpoint.",
      "",
      "Example: openledger audit check evidence.zip --log-key log.key"
    })
final class AuditCheckCommand implements Callable<Integer> {
  private static final long KEY_BYTES_MAX = 1_024;

  @Mixin Output output;

  @Parameters(paramLabel = "BUNDLE", description = "what audit export wrote")
  Path bundle = Path.of("");

  @Option(names = "--log-key", paramLabel = "FILE", description = "the log's C2SP verifier key")
  @Nullable Path logKey;

  @Option(
      names = "--witness-key",
      paramLabel = "FILE",
      description = "the C2SP key of a witness that must have cosigned; repeatable")
  List<Path> witnessKeys = List.of();

  @Option(
      names = "--digest",
      paramLabel = "DIGEST",
      description = "what audit export printed: sha256: and 64 hex digits")
  @Nullable String digest;

  @Option(names = "--rpc", paramLabel = "URL", description = "a node of the chain that you trust")
  @Nullable URI rpc;

  @Option(
      names = "--contract",
      paramLabel = "ADDRESS",
      description = "the AnchorLog contract, with --rpc")
  @Nullable String contract;

  AuditCheckCommand(Shell shell) {
    this.output = new Output(shell);
  }

  @Override
  public Integer call() throws IOException {
    Path file = output.shell().resolve(bundle);
    if (!Files.isRegularFile(file)) {
      throw CommandFailure.usage("there is no file " + file, "BUNDLE", "");
    }
    var witnesses = new ArrayList<WitnessKey>();
    for (Path key : witnessKeys) {
      witnesses.add(parsed("--witness-key", () -> WitnessKey.parse(key(key, "--witness-key"))));
    }
    Path pinned = logKey;
    String noted = digest;
    Optional<LogKey> log =
        pinned == null
            ? Optional.empty()
            : Optional.of(parsed("--log-key", () -> LogKey.parse(key(pinned, "--log-key"))));
    var start =
        new EvidenceCheck.Start(
            log,
            chain(),
            witnesses,
            noted == null ? null : parsed("--digest", () -> Digest.parse(noted)));
    EvidenceCheck.Report report = EvidenceCheck.check(file, start);
    output.print(report, () -> text(report));
    return report.faults().isEmpty() ? ExitCode.OK : ExitCode.FALSE;
  }

  private Optional<ChainWitness> chain() throws IOException {
    URI node = rpc;
    if (node == null) {
      return Optional.empty();
    }
    String named = contract;
    if (named == null) {
      throw CommandFailure.usage(
          "which contract keeps the log is not known, and the bundle is not asked",
          "--contract",
          "add --contract 0x…, as the network publishes it");
    }
    Address address = parsed("--contract", () -> Address.parse(named));
    try {
      return Optional.of(new ChainStart(node, address, null).witness(Path.of("")));
    } catch (IOException away) {
      throw ChainStart.unreachable(away);
    }
  }

  private interface Parsing<T> {
    T parse() throws IOException;
  }

  private static <T> T parsed(String option, Parsing<T> parsing) throws IOException {
    try {
      return parsing.parse();
    } catch (ProblemException malformed) {
      throw CommandFailure.usage(malformed.detail(), option, "");
    } catch (IllegalArgumentException malformed) {
      throw CommandFailure.usage("" + malformed.getMessage(), option, "");
    }
  }

  private String key(Path named, String option) throws IOException {
    Path file = output.shell().resolve(named);
    if (!Files.isRegularFile(file) || Files.size(file) > KEY_BYTES_MAX) {
      throw CommandFailure.usage("there is no key in " + file, option, "");
    }
    return Files.readString(file);
  }

  private static String text(EvidenceCheck.Report report) {
    var text = new StringBuilder();
    report.faults().forEach(fault -> text.append("WRONG    ").append(fault).append('\n'));
    report.missing().forEach(line -> text.append("missing  ").append(line).append('\n'));
    if (!report.faults().isEmpty()) {
      return text.append("\nNOT as it was written\n").toString();
    }
    return text.append(
            report.anchored()
                ? "verified: %d receipts in %d files, from what you named\n"
                    .formatted(report.receipts(), report.files())
                : "consistent: %d receipts in %d files agree with each other; name --log-key or --rpc"
                        .formatted(report.receipts(), report.files())
                    + " to verify them\n")
        .toString();
  }
}
