package xyz.openledger.nativekernels.strict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The suite in C under the address and undefined-behaviour sanitizers. */
class StrictSanitizedTest {
  private static final Path WORK = Path.of("target/kernels-sanitized");
  private static final long SECONDS = 540;

  @Test
  void nothingIsTouchedBesideBuffersAndNothingIsUndefined() throws Exception {
    Files.createDirectories(WORK);
    boolean built =
        run(
                List.of(
                    "cmake",
                    "-S",
                    "kernels",
                    "-B",
                    WORK.toString(),
                    "-DOPENLEDGER_SANITIZE=address,undefined"),
                "configure.log")
            && run(
                List.of("cmake", "--build", WORK.toString(), "--target", "strict_suite"),
                "build.log");
    assumeTrue(built, "no CMake, or no compiler with sanitizers: see " + WORK);

    boolean passed = run(List.of(WORK.resolve("strict_suite").toString(), "40"), "suite.log");

    assertThat(passed).as(Files.readString(WORK.resolve("suite.log"))).isTrue();
  }

  private static boolean run(List<String> command, String log) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(WORK.resolve(log).toFile())
              .start();
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      return ended && process.exitValue() == 0;
    } catch (IOException absent) {
      return false;
    }
  }
}
