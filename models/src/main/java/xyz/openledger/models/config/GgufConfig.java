package xyz.openledger.models.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import xyz.openledger.models.files.Gguf;
import xyz.openledger.models.files.Refused;

/** Reads a model's shape from the entries of a GGUF file. */
public final class GgufConfig {
  private static final Set<String> FAMILIES = Set.of("llama", "qwen2", "qwen3");

  private GgufConfig() {}

  /** Reads it. */
  public static ModelConfig read(Gguf file) {
    Map<String, String> entries = file.remarks();
    String family = entries.getOrDefault("general.architecture", "none");
    if (!FAMILIES.contains(family)) {
      throw Refused.because(
          "general.architecture",
          family.substring(0, Math.min(family.length(), 60))
              + " is not served; "
              + FAMILIES
              + " are");
    }
    String prefix = family + ".";
    if (!entries.getOrDefault(prefix + "rope.scaling.type", "none").equals("none")
        || file.find("rope_freqs.weight") != null) {
      throw Refused.because(
          prefix + "rope.scaling.type", "scaled positions are not read from GGUF");
    }
    int hidden = integer(entries, prefix + "embedding_length");
    int heads = integer(entries, prefix + "attention.head_count");
    var embedding = file.find("token_embd.weight");
    if (embedding == null || embedding.shape().size() != 2 || heads < 1) {
      throw Refused.because("token_embd.weight", "is missing, or not of two dimensions");
    }
    return new ModelConfig(
        family,
        Math.toIntExact(Math.min(embedding.shape().getFirst(), Integer.MAX_VALUE)),
        hidden,
        integer(entries, prefix + "feed_forward_length"),
        integer(entries, prefix + "block_count"),
        heads,
        integer(entries, prefix + "attention.head_count_kv", heads),
        integer(entries, prefix + "attention.key_length", hidden / heads),
        integer(entries, prefix + "context_length"),
        integer(entries, prefix + "attention.sliding_window", 0),
        number(entries, prefix + "rope.freq_base", 10_000),
        Optional.empty(),
        number(entries, prefix + "attention.layer_norm_rms_epsilon", 1e-6),
        file.find("blk.0.attn_q_norm.weight") != null,
        file.find("blk.0.attn_q.bias") != null,
        file.find("output.weight") == null,
        endTokens(entries));
  }

  private static List<Integer> endTokens(Map<String, String> entries) {
    var tokens = new ArrayList<Integer>();
    for (String key : List.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id")) {
      if (entries.containsKey(key)) {
        tokens.add(integer(entries, key));
      }
    }
    return tokens.stream().distinct().toList();
  }

  private static int integer(Map<String, String> entries, String key, int otherwise) {
    return entries.containsKey(key) ? integer(entries, key) : otherwise;
  }

  private static int integer(Map<String, String> entries, String key) {
    String text = entries.getOrDefault(key, "missing");
    if (!text.matches("[0-9]{1,9}")) {
      throw Refused.because(
          key, "is " + text.substring(0, Math.min(text.length(), 40)) + ", not a whole number");
    }
    return Integer.parseInt(text);
  }

  private static double number(Map<String, String> entries, String key, double otherwise) {
    String text = entries.getOrDefault(key, Double.toString(otherwise));
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException wrong) {
      throw Refused.because(
          key, "is " + text.substring(0, Math.min(text.length(), 40)) + ", not a number");
    }
  }
}
