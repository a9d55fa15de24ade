package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "sample",
    description = "Writes simulated evidence of both platforms, for trying tee check.",
    footer = {
      "",
      "The vendors and chips behind it do not exist: its verdict is 'simulated'. Its certificates"
          + " are of January",
      "2026, so it is judged as of then.",
      "",
      "Example: openledger tee sample --out sample"
    })
final class TeeSampleCommand implements Callable<Integer> {
  private static final List<String> FILES =
      List.of(
          "simulated-report.bin",
          "simulated-chain.pem",
          "simulated-amd.pem",
          "simulated-quote.bin",
          "simulated-intel.pem");
  private static final String MEASUREMENT =
      "4c9326bb9805fa8f85882c12eae724cef0c62e118427f5948aefa5c428c43c93"
          + "a69a323a734632dae3b40aa98428525a";
  private static final String NONCE =
      "sha256:6f317826a208eb9a5e34754a7886ae2bab6f9cb53a8772683028be930ba9a4e4";
  private static final String AT = "2026-01-15T12:00:00Z";

  @Mixin Output output;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "a folder; it is made if it is not there")
  Path out = Path.of("");

  TeeSampleCommand(Shell shell) {
    this.output = new Output(shell);
  }

  /**
   * What programs read.
   *
   * @param verdict what tee check says of it
   * @param commands that check it
   */
  record Answer(String verdict, String folder, List<String> files, List<String> commands) {}

  @Override
  public Integer call() throws IOException {
    Path folder = output.shell().resolve(out);
    for (String name : FILES) {
      if (Files.exists(folder.resolve(name))) {
        throw CommandFailure.usage(
            "%s is there already; nothing was written".formatted(folder.resolve(name)),
            "--out",
            "");
      }
    }
    Files.createDirectories(folder);
    for (String name : FILES) {
      Files.write(folder.resolve(name), bytes(name));
    }
    var answer =
        new Answer(
            "simulated",
            folder.toString(),
            FILES,
            List.of(
                command("simulated-report.bin", "sev-snp", "simulated-amd.pem")
                    + " --chain "
                    + out.resolve("simulated-chain.pem"),
                command("simulated-quote.bin", "tdx", "simulated-intel.pem")));
    output.print(answer, () -> text(answer));
    return ExitCode.OK;
  }

  private String command(String evidence, String platform, String root) {
    return "openledger tee check %s --platform %s --root %s --measurement %s --nonce %s --at %s"
        .formatted(out.resolve(evidence), platform, out.resolve(root), MEASUREMENT, NONCE, AT);
  }

  private static byte[] bytes(String name) throws IOException {
    try (var resource = TeeSampleCommand.class.getResourceAsStream("/tee/" + name)) {
      return Objects.requireNonNull(resource, name).readAllBytes();
    }
  }

  private static String text(Answer answer) {
    return "SIMULATED evidence, five files in %s; no hardware stands behind it. Check it by:%n%n%s%n"
        .formatted(answer.folder(), String.join("\n\n", answer.commands()));
  }
}
