package xyz.openledger.models.decoder;

import java.util.Optional;
import java.util.stream.Stream;
import xyz.openledger.models.config.ModelConfig;

/** The seven matrices of a layer, which are also what adapters may change. */
public enum Projection {
  QUERY(0, "self_attn.q_proj", "attn_q"),
  KEY(1, "self_attn.k_proj", "attn_k"),
  VALUE(2, "self_attn.v_proj", "attn_v"),
  OUTPUT(3, "self_attn.o_proj", "attn_output"),
  GATE(4, "mlp.gate_proj", "ffn_gate"),
  UP(5, "mlp.up_proj", "ffn_up"),
  DOWN(6, "mlp.down_proj", "ffn_down");

  /** How many there are. */
  public static final int COUNT = values().length;

  private final int place;
  private final String module;
  private final String gguf;

  Projection(int place, String module, String gguf) {
    this.place = place;
    this.module = module;
    this.gguf = gguf;
  }

  /** Where it stands among those of a layer; biases are of the first three. */
  public int place() {
    return place;
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
