package xyz.openledger.models.training;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Projection;

/**
 * Which parameters there are, by their names in files, and where each lies when all lie in one row.
 */
public final class Layout {
  /** One parameter: a matrix {@code [rows×columns]}; a vector has one row. */
  public record Parameter(String name, List<Integer> shape, long offset) {
    /** Copies the shape. */
    public Parameter {
      shape = List.copyOf(shape);
    }

    /** How many numbers it has. */
    public long count() {
      long count = 1;
      for (int size : shape) {
        count *= size;
      }
      return count;
    }

    /** Whether it is a vector: a bias or the weights of a norm, which do not decay. */
    public boolean isVector() {
      return shape.size() == 1;
    }
  }

  /** Which products have biases, where a model has any. */
  static final Set<Projection> BIASED =
      EnumSet.of(Projection.QUERY, Projection.KEY, Projection.VALUE);

  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private long count;

  private Layout() {}

  /** The weights of a model, as Hugging Face names them. */
  public static Layout ofModel(ModelConfig config) {
    var layout = new Layout();
    layout.add("model.embed_tokens.weight", config.vocabularySize(), config.hiddenSize());
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      layout.add(prefix + "input_layernorm.weight", config.hiddenSize());
      for (Projection projection : Projection.values()) {
        layout.add(
            prefix + projection.module() + ".weight",
            projection.outputs(config),
            projection.inputs(config));
      }
      if (config.attentionBias()) {
        for (Projection projection : BIASED) {
          layout.add(bias(layer, projection), projection.outputs(config));
        }
      }
      if (config.queryKeyNorm()) {
        layout.add(headNorm(layer, Projection.QUERY), config.headSize());
        layout.add(headNorm(layer, Projection.KEY), config.headSize());
      }
      layout.add(prefix + "post_attention_layernorm.weight", config.hiddenSize());
    }
    layout.add("model.norm.weight", config.hiddenSize());
    if (!config.tiedEmbeddings()) {
      layout.add("lm_head.weight", config.vocabularySize(), config.hiddenSize());
    }
    return layout;
  }

  /** The weights of an adapter, as PEFT names them. */
  public static Layout ofAdapter(ModelConfig config, AdapterShape shape) {
    var layout = new Layout();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (Projection projection : Projection.values()) {
        if (shape.targets().contains(projection)) {
          layout.add(nameA(layer, projection), shape.rank(), projection.inputs(config));
          layout.add(nameB(layer, projection), projection.outputs(config), shape.rank());
        }
      }
    }
    return layout;
  }

  static String bias(int layer, Projection projection) {
    return "model.layers." + layer + "." + projection.module() + ".bias";
  }

  /** The norm of each head of queries, or of keys. */
  static String headNorm(int layer, Projection projection) {
    return "model.layers.%d.self_attn.%s_norm.weight"
        .formatted(layer, projection == Projection.QUERY ? "q" : "k");
  }

  static String nameA(int layer, Projection projection) {
    return "base_model.model.model.layers." + layer + "." + projection.module() + ".lora_A.weight";
  }

  static String nameB(int layer, Projection projection) {
    return "base_model.model.model.layers." + layer + "." + projection.module() + ".lora_B.weight";
  }

  /** All, in order. */
  public List<Parameter> parameters() {
    return new ArrayList<>(parameters.values());
  }

  /** Whether there is one of that name. */
  public boolean has(String name) {
    return parameters.containsKey(name);
  }

  /** The one of that name. */
  public Parameter get(String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return parameter;
  }

  /** How many numbers all have together. */
  public long count() {
    return count;
  }

  private void add(String name, Integer... shape) {
    var parameter = new Parameter(name, List.of(shape), count);
    parameters.put(name, parameter);
    count += parameter.count();
  }
}
