package xyz.openledger.models.training;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.protocol.Digest;

/**
 * What is there without the model's weights: how large a training's checkpoints are, and the
 * adapter that its last one holds.
 */
public record FinishedTraining(TrainingJob job, ModelConfig config) {
  /** Weights and two moments, and room for the header. */
  public static long checkpointBytes(ModelConfig config, AdapterShape shape) {
    long tensors = 3L * Layout.ofAdapter(config, shape).parameters().size();
    return 3 * Float.BYTES * Layout.ofAdapter(config, shape).count() + 256 * tensors + (1 << 16);
  }

  /**
   * Writes the adapter of a checkpoint in the layout of PEFT.
   *
   * @param checkpoint a file of any name with this digest
   * @param base how the adapter's configuration calls its base
   */
  public void publish(Path checkpoint, Digest digest, String base, Path folder) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      Layout layout = Layout.ofAdapter(config, job.shape());
      TrainingState state = Checkpoint.of(checkpoint, digest).read(job, layout, arena);
      AdapterFolder.write(folder, base, job.shape(), state.weights());
    }
  }
}
