package xyz.openledger.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import xyz.openledger.models.files.TensorFiles;
import xyz.openledger.models.files.TensorFiles.Weights;
import xyz.openledger.models.files.TensorType;

/** An adapter of random weights for a {@link TinyModel}, as PEFT writes it. */
public record TinyAdapter(TinyModel base, int rank, double alpha, List<String> targets, long seed) {

  private static final Map<TinyModel, Map<String, Weights>> BASES = new ConcurrentHashMap<>();

  /** Changes queries and values, as most do. */
  public static TinyAdapter of(TinyModel base, int rank, long seed) {
    return new TinyAdapter(base, rank, 2.0 * rank, List.of("q_proj", "v_proj"), seed);
  }

  public TinyAdapter withTargets(String... others) {
    return new TinyAdapter(base, rank, alpha, List.of(others), seed);
  }

  public double scale() {
    return alpha / rank;
  }

  /** Its weights by the names of the layers. */
  public Map<String, Weights> weights() {
    var random = new SplittableRandom(seed);
    var all = new LinkedHashMap<String, Weights>();
    for (int layer = 0; layer < base.layers(); layer++) {
      for (String target : targets) {
        String module =
            target.startsWith("gate") || target.startsWith("up") || target.startsWith("down")
                ? "mlp."
                : "self_attn.";
        String name = "model.layers." + layer + "." + module + target;
        List<Long> shape =
            BASES.computeIfAbsent(base, TinyModel::weights).get(name + ".weight").shape();
        int outputs = shape.get(0).intValue();
        int inputs = shape.get(1).intValue();
        all.put(name + ".lora_A.weight", draw(random, 1 / Math.sqrt(inputs), rank, inputs));
        all.put(name + ".lora_B.weight", draw(random, 0.5 / rank, outputs, rank));
      }
    }
    return all;
  }

  private static Weights draw(SplittableRandom random, double spread, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (spread * random.nextGaussian());
    }
    return new Weights(List.of((long) rows, (long) columns), values);
  }

  public String config() {
    return """
    {"peft_type": "LORA", "r": %d, "lora_alpha": %s, "target_modules": [%s], "bias": "none",
     "base_model_name_or_path": "tiny", "use_dora": false, "modules_to_save": null,
     "rank_pattern": {}, "task_type": "CAUSAL_LM"}
    """
        .formatted(
            rank,
            alpha,
            targets.stream().map(target -> '"' + target + '"').collect(Collectors.joining(",")));
  }

  /** Writes it as PEFT does, in fp32. */
  public Path write(Path folder) throws IOException {
    return write(folder, TensorType.F32);
  }

  /** Writes it as PEFT does; narrower types cut what they cannot hold. */
  public Path write(Path folder, TensorType type) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("adapter_config.json"), config());
    var prefixed = new LinkedHashMap<String, Weights>();
    weights().forEach((name, weights) -> prefixed.put("base_model.model." + name, weights));
    Files.write(
        folder.resolve("adapter_model.safetensors"), TensorFiles.safetensors(prefixed, type));
    return folder;
  }
}
