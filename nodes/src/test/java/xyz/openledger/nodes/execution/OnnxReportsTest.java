package xyz.openledger.nodes.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.models.onnx.OnnxBytes.graph;
import static xyz.openledger.models.onnx.OnnxBytes.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The runtime in a process of its own, whose command line is longer than 4 KiB. */
class OnnxReportsTest {
  private static final int REFUSED = 3;

  @Test
  void theRuntimeIsNotStartedWhereItMayReport() throws Exception {
    Ended ended = run(null);

    assertThat(ended).isEqualTo(new Ended(REFUSED, "set ORT_DISABLE_TELEMETRY=1"));
  }

  @Test
  void whereItMayNotItTakesAModel() throws Exception {
    assertThat(run("1")).isEqualTo(new Ended(0, "taken"));
  }

  private record Ended(int exit, String said) {}

  private static Ended run(@Nullable String setting) throws IOException, InterruptedException {
    var command =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:-CreateCoredumpOnCrash",
            "-Dlong=" + "x".repeat(5_000),
            "-cp",
            System.getProperty("java.class.path"),
            Program.class.getName());
    command.environment().remove("ORT_DISABLE_TELEMETRY");
    if (setting != null) {
      command.environment().put("ORT_DISABLE_TELEMETRY", setting);
    }
    Process process = command.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    byte[] said = process.getInputStream().readAllBytes();
    return new Ended(process.waitFor(), new String(said, StandardCharsets.UTF_8).strip());
  }

  /** Loads one model and says how that went. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      try {
        OnnxModule.load(model(graph()).toBytes()).close();
        System.out.println("taken");
      } catch (ExecutionFault refused) {
        String why = String.valueOf(refused.getMessage());
        System.out.println(why.substring(why.lastIndexOf("set ")));
        System.exit(REFUSED);
      }
    }
  }
}
