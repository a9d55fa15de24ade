package xyz.openledger.models.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

class KilledTrainingTest {
  /** More than the process makes before it is killed, and quickly made. */
  private static final int STEPS = 400;

  private static final long PATIENCE_SECONDS = 300;

  @TempDir Path folder;

  @Test
  void aProcessKilledBetweenCheckpointsIsGoneOnFromToTheSameBits() throws Exception {
    Path model = TinyModel.of("llama", 5).write(folder.resolve("model"), TensorType.F32);
    Path data =
        Files.write(
            folder.resolve("data.jsonl"),
            List.of(
                "{\"prompt\": \"sun\", \"completion\": \" shines\"}",
                "{\"prompt\": \"rain\", \"completion\": \" falls\"}",
                "{\"prompt\": \"wind\", \"completion\": \" blows\"}"));
    Path killed = folder.resolve("killed");
    int reached = killAfterSomeCheckpoints(model, data, killed);
    assertThat(reached).isBetween(10, STEPS - 1);

    Digest goneOn = finish(model, data, killed, true);
    Digest whole = finish(model, data, folder.resolve("whole"), false);
    assertThat(goneOn).isEqualTo(whole);
  }

  private static int killAfterSomeCheckpoints(Path model, Path data, Path checkpoints)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                TuneProcess.class.getName(),
                model.toString(),
                data.toString(),
                checkpoints.toString(),
                Integer.toString(STEPS))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (System.nanoTime() < until && process.isAlive()) {
        Optional<Checkpoint> latest = Checkpoint.latest(checkpoints);
        if (latest.isPresent() && latest.get().step() >= 10) {
          break;
        }
        Thread.sleep(1);
      }
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    return Checkpoint.latest(checkpoints).orElseThrow().step();
  }

  private static Digest finish(Path model, Path data, Path checkpoints, boolean goOn)
      throws IOException {
    try (var tune =
        new FineTune(
            StrictKernels.best(),
            2,
            model,
            data,
            FineTuneTest.SHAPE,
            FineTuneTest.settings(STEPS),
            false)) {
      TrainingState from =
          goOn ? tune.read(Checkpoint.latest(checkpoints).orElseThrow()) : tune.beginning();
      tune.run(from, STEPS, 0, checkpoints, _ -> {});
      return Checkpoint.latest(checkpoints).orElseThrow().digest();
    }
  }
}
