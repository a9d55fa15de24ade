package xyz.openledger.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's two commands are there, and the second is what CI runs. */
class ReadmeTest {
  private static final Path HOME = Path.of(System.getProperty("openledger.home"));
  private static final Pattern COMMAND = Pattern.compile("^\\$ (\\./\\S+)", Pattern.MULTILINE);

  @Test
  void itsCommandsAreTwoAndCanBeRun() throws IOException {
    var commands =
        COMMAND.matcher(read("README.md")).results().map((MatchResult m) -> m.group(1)).toList();

    assertThat(commands).startsWith("./openledger", "./test");
    assertThat(commands).allMatch(command -> Files.isExecutable(HOME.resolve(command)));
  }

  @Test
  void ciRunsTheTestCommand() throws IOException {
    assertThat(read(".ci/run").strip()).endsWith("./test");
  }

  @Test
  void theTestCommandEndsWithTheDemo() throws IOException {
    assertThat(read("test")).contains("./openledger demo --json");
  }

  private static String read(String file) throws IOException {
    return Files.readString(HOME.resolve(file));
  }
}
