package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.json.Json;

class TaskCheckCommandTest {
  private static final Path HELLO = Path.of("..", "examples", "hello").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void showsCodeFuelAndOutput() {
    var result = new TestShell(HELLO).run("task", "check", "hello.wasm", "--input", "names.txt");

    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("code", "sha256:", "fuel", "Hello, Ada!\n");
  }

  @Test
  void givesTheOutputThatTheExampleExpects() throws Exception {
    String expected = Files.readString(HELLO.resolve("expected.txt"));

    var result =
        new TestShell(HELLO)
            .run("task", "check", "hello.wasm", "--input", "names.txt", "-o", "json", "--", "Hola");

    String digest =
        Json.tree(result.out().getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .path("outcome")
            .path("outputDigest")
            .asText();
    assertThat(expected).contains("task 1 exit 0 output " + digest);
  }

  @Test
  void writesTheOutputToAFile() {
    Path file = folder.resolve("out.txt");

    new TestShell(HELLO)
        .run("task", "check", "hello.wasm", "--input", "names.txt", "--file", file.toString());

    assertThat(file).content().contains("Hello, Ada!");
  }

  @Test
  void saysThatTheFuelRanOut() {
    var result =
        new TestShell(HELLO)
            .run("task", "check", "hello.wasm", "--input", "names.txt", "--fuel-max", "100");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out()).contains("fuel-exhausted; try a larger --fuel-max");
  }

  @Test
  void namesReasonPlaceAndFixOfARefusal() {
    var result = new TestShell(HELLO).run("task", "check", "names.txt");

    assertThat(result.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("not-webassembly", "byte 0", "docs/write-your-first-task.md");
  }
}
