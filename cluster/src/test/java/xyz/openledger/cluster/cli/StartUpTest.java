package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verbs start fast because they load little; what they load is counted, not timed. */
class StartUpTest {
  private static final List<String> HEAVY =
      List.of("org.apache.pekko.", "scala.", "org.web3j.", "io.grpc.", "org.lmdbjava.");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "version, 0",
    "--help, 0",
    "config show, 0",
    "job list --url http://127.0.0.1:1, 4",
    "receipt verify absent.json --rpc http://127.0.0.1:1, 2"
  })
  void loadsNothingHeavy(String line, int exitCode) throws Exception {
    Path log = folder.resolve("classes.txt");
    var command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:file=" + log,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                OpenLedger.class.getName()));
    command.addAll(List.of(line.split(" ")));
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue())
          .as(Files.readString(folder.resolve("out.txt")))
          .isEqualTo(exitCode);
    } finally {
      process.destroyForcibly();
    }

    List<String> loaded = Files.readAllLines(log);
    assertThat(loaded).anyMatch(entry -> entry.contains(OpenLedger.class.getName() + " "));
    for (String heavy : HEAVY) {
      assertThat(loaded).noneMatch(entry -> entry.contains(" " + heavy));
    }
  }
}
