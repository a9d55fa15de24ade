package xyz.openledger.nodes.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

class SandboxOptionsTest {
  private static final String IMAGE = "registry.example/node@sha256:" + "ab".repeat(32);
  private static final PodChoice BEFORE =
      new PodChoice("openledger-workers", IMAGE, "gvisor", "/etc/cluster");

  @Test
  void keepWorkersOnThisMachineUnlessTold() {
    assertThat(parsed().over(null)).isNull();
    assertThat(parsed("--sandbox", "local").over(BEFORE)).isNull();
  }

  @Test
  void putWorkersIntoPods() {
    assertThat(
            parsed(
                    "--sandbox",
                    "container",
                    "--worker-image",
                    IMAGE,
                    "--runtime-class",
                    "kata",
                    "--kubeconfig",
                    "/etc/cluster")
                .over(null))
        .isEqualTo(new PodChoice("openledger-workers", IMAGE, "kata", "/etc/cluster"));
  }

  @Test
  void leaveWhatWasChosenBefore() {
    assertThat(parsed().over(BEFORE)).isEqualTo(BEFORE);
    assertThat(parsed("--runtime-class", "kata").over(BEFORE))
        .isEqualTo(new PodChoice("openledger-workers", IMAGE, "kata", "/etc/cluster"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "--sandbox nowhere, must be local or container",
    "--sandbox container, --worker-image",
    "--sandbox container --worker-image node:latest --runtime-class kata, image",
    "--sandbox container --worker-image IMAGE, --runtime-class",
    "--sandbox container --worker-image IMAGE --runtime-class Kata!, runtimeClass",
    "--sandbox container --worker-image IMAGE --runtime-class kata --worker-namespace a/b,"
        + " namespace",
    "--runtime-class kata, must be container",
    "--sandbox local --worker-image IMAGE, must be container"
  })
  void nameWhatIsWrong(String line, String said) {
    SandboxOptions options = parsed(line.replace("IMAGE", IMAGE).split(" "));

    assertThatThrownBy(() -> options.over(null))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(said);
  }

  @Test
  void outliveTheAgentInItsFile() {
    String written = Json.pretty(BEFORE);

    assertThat(Json.read(written, PodChoice.class)).isEqualTo(BEFORE);
  }

  private static SandboxOptions parsed(String... words) {
    var options = new SandboxOptions();
    new CommandLine(new Words(options)).parseArgs(List.of(words).toArray(String[]::new));
    return options;
  }

  @CommandLine.Command
  private static final class Words {
    @CommandLine.Mixin private final SandboxOptions options;

    private Words(SandboxOptions options) {
      this.options = options;
    }
  }
}
