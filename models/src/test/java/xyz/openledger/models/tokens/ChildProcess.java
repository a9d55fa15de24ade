package xyz.openledger.models.tokens;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs what may end its process, in a process of its own. */
final class ChildProcess {
  /** How a process ends that was aborted: by signal 6. */
  static final int ABORTED = 128 + 6;

  private static final int SECONDS_MAX = Boolean.getBoolean("thorough") ? 1_800 : 180;

  private ChildProcess() {}

  /**
   * Runs a program.
   *
   * @return its exit status; what it said is in {@code output} in the folder
   */
  static int run(Path folder, Class<?> program, String... arguments) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true",
                "-DRUST_FLAVOR=cpu",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("it does not end: " + Files.readString(folder.resolve("output")));
    }
    return process.exitValue();
  }
}
