package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
  @TempDir Path folder;

  @Test
  void theTableNamesFileAndLineOfABuiltInValueAndNoJar() {
    try (var member = new CannedMember()) {
      var shown = TestShell.of(folder, member).run("config", "show");

      assertThat(shown.out())
          .containsPattern("openledger\\.http\\.port +7400 +reference\\.conf:\\d+")
          .doesNotContain("@");
    }
  }
}
