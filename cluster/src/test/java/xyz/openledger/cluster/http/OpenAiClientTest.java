package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The npm client of OpenAI, as its makers publish it, against a member's HTTP. */
class OpenAiClientTest {
  private static final Path SCRIPT = Path.of("src/test/node/openai.mjs");
  private static final Path MODULES = Path.of("../chain-anchor/node_modules");
  private static final int CHECKS = 13;

  @Test
  void theUnmodifiedClientFindsWhatItExpects() throws IOException, InterruptedException {
    assumeTrue(
        Files.isDirectory(MODULES.resolve("openai")),
        "the npm packages of chain-anchor are not installed");
    try (var member = new RunningServer()) {
      Process client =
          new ProcessBuilder(
                  "node",
                  SCRIPT.toString(),
                  member.uri("").toString(),
                  member.token,
                  MODULES.toAbsolutePath().normalize().toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(client.exitValue()).as(said).isZero();
      assertThat(said.lines().filter(line -> line.startsWith("held: "))).hasSize(CHECKS);
    }
  }
}
