import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Calls npm and Node from the build, and says in one sentence what to install where they are
 * missing: {@code java contracts/Contracts.java prepare|test}, in the folder of chain-anchor.
 *
 * <ul>
 *   <li>{@code prepare} installs the locked packages (the compiler, OpenZeppelin, the dev chain),
 *       checks that the committed artifacts still stand for their sources, and writes the Java that
 *       speaks to the contracts from the artifacts' ABIs.
 *   <li>{@code test} runs the contracts' own tests.
 * </ul>
 */
final class Contracts {
  private static final List<String> INSTALL =
      List.of(
          "npm",
          "ci",
          "--ignore-scripts",
          "--prefer-offline",
          "--no-audit",
          "--no-fund",
          "--loglevel=error");

  public static void main(String... arguments) throws IOException, InterruptedException {
    // Two builds of one checkout may come here at once; the second waits and finds the work done.
    try (var channel = FileChannel.open(Path.of("package-lock.json"), StandardOpenOption.WRITE);
        var _ = channel.lock()) {
      switch (arguments.length == 1 ? arguments[0] : "") {
        case "prepare" -> prepare();
        case "test" -> {
          run(List.of("node", "contracts/test.js"));
          run(List.of("node", "zk/test.js", Boolean.getBoolean("thorough") ? "thorough" : "quick"));
        }
        default -> fail("Usage: java contracts/Contracts.java prepare|test");
      }
    }
  }

  private static void prepare() throws IOException, InterruptedException {
    if (!installed()) {
      run(INSTALL);
    }
    run(List.of("node", "contracts/compile.js", "fresh"));
    run(List.of("node", "contracts/wrappers.js", "target/generated-sources/contracts"));
  }

  /**
   * npm writes its own copy of the lock file last, so a copy that is newer means a finished
   * installation.
   */
  private static boolean installed() throws IOException {
    Path copy = Path.of("node_modules/.package-lock.json");
    return Files.exists(copy)
        && Files.getLastModifiedTime(copy)
                .compareTo(Files.getLastModifiedTime(Path.of("package-lock.json")))
            >= 0;
  }

  private static void run(List<String> command) throws InterruptedException {
    int status;
    try {
      status = new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException missing) {
      fail(
          command.getFirst()
              + " is missing, and the contracts need it: install Node.js 20 or later with npm"
              + " (on Debian: apt-get install nodejs npm).");
      return;
    }
    if (status != 0) {
      fail(String.join(" ", command) + " failed with exit status " + status + ".");
    }
  }

  private static void fail(String sentence) {
    System.err.println(sentence);
    System.exit(1);
  }
}
