package xyz.openledger.models.decoder;

import java.util.Optional;
import java.util.stream.Stream;
import xyz.openledger.models.config.ModelConfig;

/** The seven matrices of a layer, which are also what adapters may change. */
public enum Projection {
  QUERY("self_attn.q_proj", "attn_q"),
  KEY("self_attn.k_proj", "attn_k"),
  VALUE("self_attn.v_proj", "attn_v"),
  OUTPUT("self_attn.o_proj", "attn_output"),
  GATE("mlp.gate_proj", "ffn_gate"),
  UP("mlp.up_proj", "ffn_up"),
  DOWN("mlp.down_proj", "ffn_down");

  /** How many there are. */
  public static final int COUNT = values().length;

  private final String module;
  private final String gguf;

  Projection(String module, String gguf) {
    this.module = module;
    this.gguf = gguf;
  }

  /** Its name within a layer, as Hugging Face writes it. */
  public String module() {
    return module;
  }

  /** Its name within a layer, as GGUF writes it. */
  public String ggufName() {
    return gguf;
  }

  /** Its last name, by which adapters target it. */
  public String target() {
    return module.substring(module.indexOf('.') + 1);
  }

  /** The one with such a last name. */
  public static Optional<Projection> ofTarget(String target) {
    return Stream.of(values()).filter(one -> one.target().equals(target)).findFirst();
  }

  /** How many numbers go in. */
  public int inputs(ModelConfig config) {
    return switch (this) {
      case OUTPUT -> config.queryWidth();
      case DOWN -> config.intermediateSize();
      default -> config.hiddenSize();
    };
  }

  /** How many come out. */
  public int outputs(ModelConfig config) {
    return switch (this) {
      case QUERY -> config.queryWidth();
      case KEY, VALUE -> config.keyValueWidth();
      case GATE, UP -> config.intermediateSize();
      case OUTPUT, DOWN -> config.hiddenSize();
    };
  }
}
