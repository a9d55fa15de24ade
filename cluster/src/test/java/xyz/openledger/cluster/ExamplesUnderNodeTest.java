package xyz.openledger.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples are what they say: examples/check.mjs runs each of their tasks under Node's WASI.
 */
class ExamplesUnderNodeTest {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("openledger.home", "..")).resolve("examples");
  private static final int CHECK_SECONDS_MAX = 300;

  private record Answer(int exitCode, String output) {}

  @Test
  void giveWhatTheyAreExpectedToGive() throws Exception {
    var answer = check(EXAMPLES);

    assertThat(answer.exitCode()).as(answer.output()).isZero();
    assertThat(answer.output().lines().filter(line -> line.startsWith("ok ")))
        .hasSize((int) examples());
  }

  @Test
  void doNotPassWhenAnInputIsChanged(@TempDir Path folder) throws Exception {
    copy("check.mjs", folder);
    copy("build-c.sh", folder);
    for (String file : new String[] {"job.json", "hello.wasm", "expected.txt", "README.md"}) {
      copy("hello/" + file, folder);
    }
    copy("hello/build.sh", folder);
    copy("hello/hello.c", folder);
    Files.writeString(folder.resolve("hello/names.txt"), "Mallory\n");

    var answer = check(folder);

    assertThat(answer.exitCode()).isEqualTo(1);
    assertThat(answer.output()).contains("FAILED hello", "expected \"input names.txt ");
  }

  private static long examples() throws IOException {
    try (Stream<Path> folders = Files.list(EXAMPLES)) {
      return folders.filter(ExamplesUnderNodeTest::isProgram).count();
    }
  }

  /** Node runs programs; networks of operators have a check of their own. */
  private static boolean isProgram(Path folder) {
    try {
      Path job = folder.resolve("job.json");
      return Files.exists(job) && Files.readString(job).contains("\"module\"");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void copy(String file, Path folder) throws IOException {
    var target = folder.resolve(file);
    Files.createDirectories(target.getParent());
    Files.copy(EXAMPLES.resolve(file), target);
  }

  private static Answer check(Path folder) throws Exception {
    var process =
        new ProcessBuilder("node", folder.resolve("check.mjs").toString())
            .redirectErrorStream(true)
            .start();
    try {
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(CHECK_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
      return new Answer(process.exitValue(), output);
    } finally {
      process.destroyForcibly();
    }
  }
}
