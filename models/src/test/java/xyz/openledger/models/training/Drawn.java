package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Projection;

/** Small models and samples drawn from a seed. */
final class Drawn {
  private Drawn() {}

  static ModelConfig config(boolean tied, int window) {
    return new ModelConfig(
        "llama",
        13,
        8,
        12,
        2,
        4,
        2,
        4,
        64,
        window,
        10_000,
        Optional.empty(),
        1e-5,
        false,
        false,
        tied,
        List.of(0));
  }

  /** As Qwen2 is: biases of queries, keys and values. */
  static ModelConfig biased() {
    return varied("qwen2", false, true, Optional.empty());
  }

  /** As Qwen3 is: each head of queries and keys normed. */
  static ModelConfig normed() {
    return varied("qwen3", true, false, Optional.empty());
  }

  /** As Llama 3.1 is: slow turns stretched, some between. */
  static ModelConfig stretched() {
    return varied("llama", false, false, Optional.of(new ModelConfig.RopeScaling(8, 1, 4, 100)));
  }

  private static ModelConfig varied(
      String family, boolean norm, boolean bias, Optional<ModelConfig.RopeScaling> scaling) {
    ModelConfig plain = config(true, 0);
    return new ModelConfig(
        family,
        plain.vocabularySize(),
        plain.hiddenSize(),
        plain.intermediateSize(),
        plain.layers(),
        plain.heads(),
        plain.keyValueHeads(),
        // Heads that are together wider than the stream, as those of Qwen3 are.
        norm ? 6 : plain.headSize(),
        plain.contextMax(),
        plain.slidingWindow(),
        plain.ropeTheta(),
        scaling,
        plain.normEpsilon(),
        norm,
        bias,
        plain.tiedEmbeddings(),
        plain.endTokens());
  }

  static Weights model(ModelConfig config, long seed, Arena arena) {
    return new Weights(config, parameters(Layout.ofModel(config), seed, arena), Optional.empty());
  }

  static Weights adapted(ModelConfig config, long seed, Arena arena) {
    var shape =
        new AdapterShape(3, 6, EnumSet.of(Projection.QUERY, Projection.VALUE, Projection.DOWN));
    return adapted(config, shape, seed, arena);
  }

  static Weights adapted(ModelConfig config, AdapterShape shape, long seed, Arena arena) {
    Parameters adapter = parameters(Layout.ofAdapter(config, shape), seed + 1, arena);
    return new Weights(
        config,
        parameters(Layout.ofModel(config), seed, arena),
        Optional.of(new Weights.Adapter(shape, adapter)));
  }

  static Parameters parameters(Layout layout, long seed, Arena arena) {
    Parameters drawn = Parameters.zeros(layout, arena);
    var random = new Seeded(seed);
    for (Layout.Parameter parameter : layout.parameters()) {
      for (long i = 0; i < parameter.count(); i++) {
        float value =
            random.signed() * 0.5f
                + (parameter.isVector() && !parameter.name().endsWith(".bias") ? 1 : 0);
        drawn.memory().setAtIndex(JAVA_FLOAT, parameter.offset() + i, value);
      }
    }
    return drawn;
  }

  static List<Sample> samples(ModelConfig config, long seed, int... lengths) {
    var random = new Seeded(seed);
    var samples = new ArrayList<Sample>();
    for (int length : lengths) {
      var tokens = new int[length + 1];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = random.below(config.vocabularySize());
      }
      samples.add(Sample.ofAnswer(tokens, 1 + random.below(length)));
    }
    return samples;
  }
}
