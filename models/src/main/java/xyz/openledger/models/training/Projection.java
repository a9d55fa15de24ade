package xyz.openledger.models.training;

import xyz.openledger.models.config.ModelConfig;

/** The matrices of a layer, which are what an adapter may change. */
public enum Projection {
  QUERY("self_attn", "q_proj"),
  KEY("self_attn", "k_proj"),
  VALUE("self_attn", "v_proj"),
  OUTPUT("self_attn", "o_proj"),
  GATE("mlp", "gate_proj"),
  UP("mlp", "up_proj"),
  DOWN("mlp", "down_proj");

  private final String block;
  private final String module;

  Projection(String block, String module) {
    this.block = block;
    this.module = module;
  }

  /** Its name in {@code target_modules} of an adapter. */
  public String module() {
    return module;
  }

  /** Its name within a layer. */
  String path() {
    return block + "." + module;
  }

  int inputs(ModelConfig config) {
    return switch (this) {
      case QUERY, KEY, VALUE, GATE, UP -> config.hiddenSize();
      case OUTPUT -> config.queryWidth();
      case DOWN -> config.intermediateSize();
    };
  }

  int outputs(ModelConfig config) {
    return switch (this) {
      case QUERY -> config.queryWidth();
      case KEY, VALUE -> config.keyValueWidth();
      case OUTPUT, DOWN -> config.hiddenSize();
      case GATE, UP -> config.intermediateSize();
    };
  }
}
