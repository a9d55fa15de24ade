package xyz.openledger.models.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xyz.openledger.models.files.Refused;

/**
 * Reads {@code config.json} as Hugging Face writes it, and refuses what would be served wrongly.
 */
public final class ConfigJson {
  private static final Map<String, String> FAMILIES =
      Map.of(
          "LlamaForCausalLM", "llama",
          "MistralForCausalLM", "mistral",
          "Qwen2ForCausalLM", "qwen2",
          "Qwen3ForCausalLM", "qwen3");

  private ConfigJson() {}

  /** Reads the file. */
  public static ModelConfig read(Path file) throws IOException {
    return read(ConfigFields.read(file));
  }

  /** Reads its bytes. */
  public static ModelConfig read(byte[] json) {
    return read(ConfigFields.read("config.json", json));
  }

  private static ModelConfig read(ConfigFields fields) {
    String family = family(fields);
    refuseWhatIsNotServed(fields);
    int hidden = fields.integer("hidden_size");
    int heads = fields.integer("num_attention_heads");
    if (heads < 1) {
      throw Refused.because("num_attention_heads", "is " + heads);
    }
    return new ModelConfig(
        family,
        fields.integer("vocab_size"),
        hidden,
        fields.integer("intermediate_size"),
        fields.integer("num_hidden_layers"),
        heads,
        fields.integer("num_key_value_heads", heads),
        fields.integer("head_dim", hidden / heads),
        fields.integer("max_position_embeddings", 2_048),
        slidingWindow(fields, family),
        ropeTheta(fields),
        ropeScaling(fields),
        fields.number("rms_norm_eps", 1e-6),
        family.equals("qwen3"),
        // Qwen2 always has them and does not say so.
        family.equals("qwen2") || fields.flag("attention_bias", false),
        fields.flag("tie_word_embeddings", false),
        endTokens(fields));
  }

  private static String family(ConfigFields fields) {
    JsonNode architectures = fields.root().path("architectures");
    String named =
        architectures.isArray() && architectures.size() == 1
            ? architectures.get(0).asText()
            : fields.text("model_type", "none");
    String family = FAMILIES.get(named);
    if (family == null && FAMILIES.containsValue(named)) {
      family = named;
    }
    if (family == null) {
      throw Refused.because(
          "architectures",
          named.substring(0, Math.min(named.length(), 60))
              + " is not served; the families are llama (also SmolLM), mistral, qwen2, qwen3");
    }
    return family;
  }

  private static void refuseWhatIsNotServed(ConfigFields fields) {
    String activation = fields.text("hidden_act", "silu");
    if (!activation.equals("silu") && !activation.equals("swish")) {
      throw Refused.because("hidden_act", activation + " is not served; silu is");
    }
    if (fields.flag("mlp_bias", false)) {
      throw Refused.because("mlp_bias", "is not served");
    }
    if (fields.has("quantization_config")) {
      throw Refused.because("quantization_config", "quantised weights are not served");
    }
    if (fields.number("partial_rotary_factor", 1) != 1) {
      throw Refused.because("partial_rotary_factor", "is not served");
    }
  }

  private static int slidingWindow(ConfigFields fields, String family) {
    if (!fields.has("sliding_window") || family.equals("llama")) {
      return 0;
    }
    if (!family.startsWith("qwen")) {
      return fields.integer("sliding_window");
    }
    if (fields.flag("use_sliding_window", false)) {
      // Qwen lets the window slide in some layers and not in others.
      throw Refused.because("use_sliding_window", "is not served for " + family);
    }
    return 0;
  }

  private static double ropeTheta(ConfigFields fields) {
    if (fields.has("rope_parameters") && fields.within("rope_parameters").has("rope_theta")) {
      return fields.within("rope_parameters").number("rope_theta");
    }
    return fields.number("rope_theta", 10_000);
  }

  private static Optional<ModelConfig.RopeScaling> ropeScaling(ConfigFields fields) {
    String field = fields.has("rope_scaling") ? "rope_scaling" : "rope_parameters";
    if (!fields.has(field)) {
      return Optional.empty();
    }
    ConfigFields scaling = fields.within(field);
    String type = scaling.text("rope_type", scaling.text("type", "default"));
    return switch (type) {
      case "default" -> Optional.empty();
      case "llama3" ->
          Optional.of(
              new ModelConfig.RopeScaling(
                  scaling.number("factor"),
                  scaling.number("low_freq_factor"),
                  scaling.number("high_freq_factor"),
                  scaling.integer("original_max_position_embeddings")));
      default ->
          throw Refused.because(
              field,
              type.substring(0, Math.min(type.length(), 40))
                  + " is not served; default and llama3 are");
    };
  }

  private static List<Integer> endTokens(ConfigFields fields) {
    JsonNode node = fields.root().path("eos_token_id");
    var tokens = new ArrayList<Integer>();
    if (node.isArray() && node.size() <= 64) {
      node.forEach(one -> tokens.add(one.isInt() ? one.intValue() : -1));
    } else if (fields.has("eos_token_id")) {
      tokens.add(fields.integer("eos_token_id"));
    }
    return tokens;
  }
}
