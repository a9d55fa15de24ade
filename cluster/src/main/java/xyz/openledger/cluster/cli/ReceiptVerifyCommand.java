package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.chainanchor.receipts.Check;
import xyz.openledger.chainanchor.receipts.TrustedStart;
import xyz.openledger.chainanchor.receipts.Verdict;
import xyz.openledger.cluster.configuration.DataDirectory;
import xyz.openledger.cluster.configuration.MemberFile;
import xyz.openledger.cluster.evidence.ReceiptChecks;
import xyz.openledger.protocol.Address;

@Command(
    name = "verify",
    description =
        "Checks a receipt from the chain or a pinned key alone, without asking any member.",
    footer = {
      "",
      "Nothing in the file is trusted: not the address of the contract, not the key. They come from"
          + " --contract",
      "and --log-key, or from the data directory of this machine's own network.",
      "",
      "Example: openledger receipt verify receipt.json --rpc http://127.0.0.1:7445"
    })
final class ReceiptVerifyCommand implements Callable<Integer> {
  private static final int FILE_BYTES_MAX = 8 << 20;

  @Mixin Output output;

  @Parameters(paramLabel = "FILE", description = "what receipt show JOB -o json printed")
  Path file = Path.of("");

  @Option(names = "--rpc", paramLabel = "URL", description = "a node of the chain that you trust")
  @Nullable URI rpc;

  @Option(
      names = "--contract",
      paramLabel = "ADDRESS",
      description = "the AnchorLog contract (default: the one that the data directory knows)")
  @Nullable String contract;

  @Option(
      names = "--registry",
      paramLabel = "ADDRESS",
      description = "the NodeRegistry contract, to judge the nodes' signatures too")
  @Nullable String registry;

  @Option(
      names = "--log-key",
      paramLabel = "FILE",
      description = "the log's C2SP verifier key; alone, it needs no network")
  @Nullable Path logKey;

  @Option(
      names = "--witness-key",
      paramLabel = "FILE",
      description = "the C2SP key of a witness that must have cosigned; repeatable")
  List<Path> witnessKeys = List.of();

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "the data directory (or OPENLEDGER_DATA_DIR; else .openledger)")
  @Nullable Path dataDirectory;

  ReceiptVerifyCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /** What programs read. */
  record Answer(boolean verified, List<Line> checks) {}

  /**
   * One check.
   *
   * @param outcome passed, failed or skipped
   */
  record Line(String name, String outcome, String reason) {}

  @Override
  public Integer call() throws IOException {
    byte[] bundle = read(file, "FILE");
    Verdict verdict = verify(bundle, start());
    List<Line> lines = verdict.checks().stream().map(ReceiptVerifyCommand::line).toList();
    output.print(new Answer(verdict.verified(), lines), () -> text(verdict.verified(), lines));
    return verdict.verified() ? ExitCode.OK : ExitCode.FALSE;
  }

  private Verdict verify(byte[] bundle, TrustedStart start) {
    try {
      return ReceiptChecks.verify(bundle, start);
    } catch (IOException away) {
      throw ChainStart.unreachable(away);
    }
  }

  private TrustedStart start() throws IOException {
    Optional<LogKey> key = logKey == null ? Optional.empty() : Optional.of(key(logKey));
    URI node = rpc != null || logKey != null ? rpc : localChain();
    if (node == null && key.isEmpty()) {
      throw CommandFailure.usage(
          "there is nothing to start from: name a chain, or a key of the log",
          "--rpc",
          "openledger receipt verify " + file + " --rpc http://127.0.0.1:7445");
    }
    if (node == null) {
      return new TrustedStart(key, Optional.empty(), witnesses());
    }
    var start =
        new ChainStart(node, address("--contract", contract), address("--registry", registry));
    return new TrustedStart(key, Optional.of(start.witness(data())), witnesses());
  }

  private List<WitnessKey> witnesses() throws IOException {
    var keys = new ArrayList<WitnessKey>();
    for (Path named : witnessKeys) {
      try {
        keys.add(
            WitnessKey.parse(new String(read(named, "--witness-key"), StandardCharsets.UTF_8)));
      } catch (IllegalArgumentException malformed) {
        throw CommandFailure.usage(named + ": " + malformed.getMessage(), "--witness-key", "");
      }
    }
    return keys;
  }

  private @Nullable URI localChain() {
    return MemberFile.read(data()).map(MemberFile::rpcUrl).orElse(null);
  }

  private Path data() {
    Shell shell = output.shell();
    return DataDirectory.find(
        dataDirectory, shell.environment(), shell.workingDirectory(), shell.projectHome());
  }

  private LogKey key(Path named) throws IOException {
    try {
      return LogKey.parse(new String(read(named, "--log-key"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      throw CommandFailure.usage(String.valueOf(malformed.getMessage()), "--log-key", "");
    }
  }

  private static @Nullable Address address(String option, @Nullable String text) {
    try {
      return text == null ? null : Address.parse(text);
    } catch (xyz.openledger.protocol.ProblemException malformed) {
      throw CommandFailure.usage(malformed.detail(), option, "");
    }
  }

  private byte[] read(Path named, String field) throws IOException {
    Path path = output.shell().resolve(named);
    if (!Files.isRegularFile(path)) {
      throw CommandFailure.usage("there is no file " + path, field, "");
    }
    if (Files.size(path) > FILE_BYTES_MAX) {
      throw CommandFailure.usage(path + " is longer than 8 MiB", field, "");
    }
    return Files.readAllBytes(path);
  }

  private static Line line(Check check) {
    return new Line(check.name(), check.outcome().name().toLowerCase(Locale.ROOT), check.reason());
  }

  private static String text(boolean verified, List<Line> lines) {
    var table = Table.of("CHECK", "OUTCOME", "FOUND");
    for (Line line : lines) {
      String outcome =
          switch (line.outcome()) {
            case "passed" -> "ok";
            case "failed" -> "FAILED";
            default -> line.outcome();
          };
      table.row(line.name(), outcome, line.reason());
    }
    return table.text() + (verified ? "\nverified\n" : "\nNOT verified\n");
  }
}
