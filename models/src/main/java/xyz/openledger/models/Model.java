package xyz.openledger.models;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import xyz.openledger.models.config.ConfigJson;
import xyz.openledger.models.config.GgufConfig;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Weights;
import xyz.openledger.models.decoder.WeightsReader;
import xyz.openledger.models.files.Gguf;
import xyz.openledger.models.files.Refused;
import xyz.openledger.models.files.Shards;
import xyz.openledger.models.files.TensorFile;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.models.tokens.ModelTokenizer;
import xyz.openledger.nativekernels.strict.StrictKernels;

/**
 * A model as it was published: a folder in the layout of Hugging Face, or a file of GGUF with its
 * {@code tokenizer.json} beside it.
 *
 * @param types how its numbers are written
 * @param fileBytes how large its tensors are
 */
public record Model(
    Weights weights, ModelTokenizer tokenizer, Set<TensorType> types, long fileBytes, Arena arena)
    implements AutoCloseable {

  /**
   * Opens a model.
   *
   * @param finite whether to look at every number and refuse those that are none
   * @throws xyz.openledger.protocol.ProblemException saying what cannot be served, and why
   */
  public static Model open(Path path, StrictKernels kernels, boolean finite) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      boolean gguf = Files.isRegularFile(path);
      if (!gguf && !Files.isRegularFile(path.resolve("config.json"))) {
        throw Refused.because(
            path.toString(), "is neither a folder with a config.json nor a file of GGUF");
      }
      TensorFile file = gguf ? Gguf.read(path, arena) : Shards.read(path, arena);
      ModelConfig config =
          file instanceof Gguf read
              ? GgufConfig.read(read)
              : ConfigJson.read(path.resolve("config.json"));
      Path tokenizer =
          gguf ? path.resolveSibling("tokenizer.json") : path.resolve("tokenizer.json");
      Weights weights = WeightsReader.read(config, file, kernels, arena, finite);
      var types = new TreeSet<TensorType>();
      long bytes = 0;
      for (var tensor : file.tensors().values()) {
        types.add(tensor.type());
        bytes += tensor.data().byteSize();
      }
      return new Model(
          weights, ModelTokenizer.read(tokenizer, config.vocabularySize()), types, bytes, arena);
    } catch (IOException | RuntimeException refused) {
      arena.close();
      throw refused;
    }
  }

  /** The shape. */
  public ModelConfig config() {
    return weights.config();
  }

  @Override
  public void close() {
    tokenizer.close();
    arena.close();
  }
}
