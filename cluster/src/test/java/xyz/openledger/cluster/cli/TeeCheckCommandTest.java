package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.json.Json;

class TeeCheckCommandTest {
  private static final String NONCE =
      "sha256:6f317826a208eb9a5e34754a7886ae2bab6f9cb53a8772683028be930ba9a4e4";
  private static final String MEASUREMENT =
      "4c9326bb9805fa8f85882c12eae724cef0c62e118427f5948aefa5c428c43c93"
          + "a69a323a734632dae3b40aa98428525a";

  private final TestShell shell = new TestShell(Path.of("src/main/resources/tee"));

  @Test
  void callsEvidenceUnderAMadeUpRootSimulated() {
    var snp = check(snp(NONCE));
    var tdx = check(tdx("simulated-intel.pem"));

    assertThat(snp.exitCode()).as(snp.err()).isZero();
    assertThat(snp.out()).contains("SIMULATED: the root is made up", "sev-snp");
    assertThat(tdx.exitCode()).as(tdx.err()).isZero();
    assertThat(tdx.out())
        .contains("SIMULATED: the root is made up", "tdx")
        .doesNotContain("attested");
  }

  @Test
  void saysWhichCheckFailed() {
    var replayed = check(snp(NONCE.replace("6f31", "6f32")));
    var foreign = check(tdx("simulated-amd.pem"));

    assertThat(replayed.exitCode()).isEqualTo(ExitCode.FALSE);
    assertThat(replayed.out()).contains("REFUSED", "nonce");
    assertThat(foreign.exitCode()).isEqualTo(ExitCode.FALSE);
    assertThat(foreign.out()).contains("REFUSED", "chain");
  }

  @Test
  void asksForTheCertificatesThatAReportLacks() {
    var words = new ArrayList<>(snp(NONCE));
    words.removeAll(List.of("--chain", "simulated-chain.pem"));

    var result = check(words);

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("a report comes without its certificates");
  }

  @Test
  void takesTheSampleThatTheProgramWritesByTheCommandsThatItPrints(@TempDir Path folder) {
    var sampled = new TestShell(folder).run("tee", "sample", "--out", "sample", "-o", "json");

    assertThat(sampled.exitCode()).as(sampled.err()).isZero();
    var commands = Json.tree(sampled.out().getBytes(StandardCharsets.UTF_8)).path("commands");
    assertThat(commands.size()).isEqualTo(2);
    for (var command : commands) {
      String[] words = command.asText().substring("openledger ".length()).split(" ");
      var checked = new TestShell(folder).run(words);
      assertThat(checked.exitCode()).as(checked.err()).isZero();
      assertThat(checked.out()).contains("SIMULATED");
    }
    assertThat(new TestShell(folder).run("tee", "sample", "--out", "sample").exitCode())
        .as("it writes over nothing")
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void saysOfForeignFilesWhatTheyAreNot(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("foreign.txt"), "no evidence, no certificate");
    String[] words = {
      "tee",
      "check",
      "foreign.txt",
      "--platform",
      "tdx",
      "--root",
      "foreign.txt",
      "--measurement",
      MEASUREMENT,
      "--nonce",
      NONCE
    };

    var tee = new TestShell(folder).run(words);
    var zk = new TestShell(folder).run("zk", "verify", "foreign.txt");

    assertThat(tee.err()).contains("no X.509 certificate").doesNotContain("Exception", "java.");
    assertThat(zk.exitCode()).isNotZero();
    assertThat(zk.err())
        .contains("is no evidence about a private model")
        .doesNotContain("Exception", "java.", "xyz.");
  }

  private TestShell.Result check(List<String> words) {
    return shell.run(words.toArray(String[]::new));
  }

  private static List<String> snp(String nonce) {
    var words =
        new ArrayList<>(words("simulated-report.bin", "sev-snp", "simulated-amd.pem", nonce));
    words.addAll(List.of("--chain", "simulated-chain.pem"));
    return words;
  }

  private static List<String> tdx(String root) {
    return words("simulated-quote.bin", "tdx", root, NONCE);
  }

  private static List<String> words(String file, String platform, String root, String nonce) {
    return List.of(
        "tee",
        "check",
        file,
        "--platform",
        platform,
        "--root",
        root,
        "--measurement",
        MEASUREMENT,
        "--nonce",
        nonce,
        "--at",
        "2026-01-15T12:00:00Z");
  }
}
