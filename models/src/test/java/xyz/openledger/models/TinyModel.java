package xyz.openledger.models;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import xyz.openledger.models.files.TensorFiles;
import xyz.openledger.models.files.TensorFiles.Weights;
import xyz.openledger.models.files.TensorType;

/**
 * A model of random weights, small enough to write for each test. Its tokens are the 256 bytes and
 * three that steer.
 */
public record TinyModel(
    String family,
    int hidden,
    int inner,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    int context,
    int window,
    boolean tied,
    long seed) {
  public static final int VOCABULARY = 259;
  public static final int BEGIN = 256;
  public static final int END = 257;

  /** The usual one. */
  public static TinyModel of(String family, long seed) {
    return new TinyModel(family, 48, 80, 2, 4, 2, 16, 256, 0, !family.equals("mistral"), seed);
  }

  public TinyModel withWindow(int tokens) {
    return new TinyModel(
        family, hidden, inner, layers, heads, keyValueHeads, headSize, context, tokens, tied, seed);
  }

  public TinyModel withContext(int tokens) {
    return new TinyModel(
        family, hidden, inner, layers, heads, keyValueHeads, headSize, tokens, window, tied, seed);
  }

  public boolean biases() {
    return family.equals("qwen2");
  }

  public boolean headNorms() {
    return family.equals("qwen3");
  }

  /** All weights, drawn from the seed, by the names of Hugging Face. */
  public Map<String, Weights> weights() {
    var random = new SplittableRandom(seed);
    var all = new LinkedHashMap<String, Weights>();
    all.put("model.embed_tokens.weight", draw(random, 1, VOCABULARY, hidden));
    for (int i = 0; i < layers; i++) {
      String layer = "model.layers." + i + ".";
      all.put(layer + "input_layernorm.weight", norm(random, hidden));
      all.put(layer + "post_attention_layernorm.weight", norm(random, hidden));
      matrix(all, random, layer + "self_attn.q_proj", heads * headSize, hidden, biases());
      matrix(all, random, layer + "self_attn.k_proj", keyValueHeads * headSize, hidden, biases());
      matrix(all, random, layer + "self_attn.v_proj", keyValueHeads * headSize, hidden, biases());
      matrix(all, random, layer + "self_attn.o_proj", hidden, heads * headSize, false);
      matrix(all, random, layer + "mlp.gate_proj", inner, hidden, false);
      matrix(all, random, layer + "mlp.up_proj", inner, hidden, false);
      matrix(all, random, layer + "mlp.down_proj", hidden, inner, false);
      if (headNorms()) {
        all.put(layer + "self_attn.q_norm.weight", norm(random, headSize));
        all.put(layer + "self_attn.k_norm.weight", norm(random, headSize));
      }
    }
    all.put("model.norm.weight", norm(random, hidden));
    if (!tied) {
      all.put("lm_head.weight", draw(random, 0.3, VOCABULARY, hidden));
    }
    return all;
  }

  private static void matrix(
      Map<String, Weights> all,
      SplittableRandom random,
      String name,
      int outputs,
      int inputs,
      boolean bias) {
    all.put(name + ".weight", draw(random, 1.5 / Math.sqrt(inputs), outputs, inputs));
    if (bias) {
      all.put(name + ".bias", draw(random, 0.2, outputs));
    }
  }

  private static Weights norm(SplittableRandom random, int size) {
    Weights drawn = draw(random, 0.2, size);
    for (int i = 0; i < size; i++) {
      drawn.values()[i] = coarse(drawn.values()[i] + 1);
    }
    return drawn;
  }

  /** Numbers that bf16 holds, so that every type keeps them. */
  private static Weights draw(SplittableRandom random, double spread, int... shape) {
    int count = 1;
    for (int dimension : shape) {
      count *= dimension;
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = coarse((float) (spread * random.nextGaussian()));
    }
    return new Weights(java.util.Arrays.stream(shape).mapToObj(Long::valueOf).toList(), values);
  }

  private static float coarse(float value) {
    return Float.intBitsToFloat(Float.floatToRawIntBits(value) & 0xffff0000);
  }

  /** Its config.json. */
  public String config() {
    String architecture =
        switch (family) {
          case "llama" -> "LlamaForCausalLM";
          case "mistral" -> "MistralForCausalLM";
          case "qwen2" -> "Qwen2ForCausalLM";
          default -> "Qwen3ForCausalLM";
        };
    return """
    {"architectures": ["%s"], "model_type": "%s", "vocab_size": %d, "hidden_size": %d,
     "intermediate_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
     "num_key_value_heads": %d, "head_dim": %d, "max_position_embeddings": %d,
     "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "tie_word_embeddings": %s,
     "hidden_act": "silu", "bos_token_id": %d, "eos_token_id": %d, "sliding_window": %s}
    """
        .formatted(
            architecture,
            family,
            VOCABULARY,
            hidden,
            inner,
            layers,
            heads,
            keyValueHeads,
            headSize,
            context,
            tied,
            BEGIN,
            END,
            window == 0 ? "null" : window);
  }

  /** Writes a folder as Hugging Face has it. */
  public Path write(Path folder, TensorType type) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), config());
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    Files.write(folder.resolve("model.safetensors"), TensorFiles.safetensors(weights(), type));
    return folder;
  }

  /** Writes it as GGUF, as converters order it. */
  public Path writeGguf(Path folder, TensorType type) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    return Files.write(
        folder.resolve("model.gguf"), TensorFiles.gguf(entries(), ggufWeights(), type));
  }

  private Map<String, Object> entries() {
    var entries = new LinkedHashMap<String, Object>();
    entries.put("general.architecture", family);
    entries.put("general.name", "tiny");
    entries.put(family + ".block_count", layers);
    entries.put(family + ".context_length", context);
    entries.put(family + ".embedding_length", hidden);
    entries.put(family + ".feed_forward_length", inner);
    entries.put(family + ".attention.head_count", heads);
    entries.put(family + ".attention.head_count_kv", keyValueHeads);
    entries.put(family + ".attention.key_length", headSize);
    entries.put(family + ".attention.value_length", headSize);
    entries.put(family + ".rope.dimension_count", headSize);
    entries.put(family + ".rope.freq_base", 10000f);
    entries.put(family + ".attention.layer_norm_rms_epsilon", 1e-5f);
    entries.put("tokenizer.ggml.model", "gpt2");
    entries.put("tokenizer.ggml.pre", "default");
    entries.put("tokenizer.ggml.tokens", List.of(tokens()));
    int[] kinds = new int[VOCABULARY];
    java.util.Arrays.fill(kinds, 1);
    java.util.Arrays.fill(kinds, BEGIN, VOCABULARY, 3);
    entries.put("tokenizer.ggml.token_type", kinds);
    entries.put("tokenizer.ggml.merges", List.of("a b"));
    entries.put("tokenizer.ggml.bos_token_id", BEGIN);
    entries.put("tokenizer.ggml.eos_token_id", END);
    return entries;
  }

  private Map<String, Weights> ggufWeights() {
    var renamed = new LinkedHashMap<String, Weights>();
    weights()
        .forEach(
            (name, weights) -> {
              String gguf =
                  name.replace("model.embed_tokens", "token_embd")
                      .replace("model.norm", "output_norm")
                      .replace("lm_head", "output")
                      .replace("model.layers.", "blk.")
                      .replace("input_layernorm", "attn_norm")
                      .replace("post_attention_layernorm", "ffn_norm")
                      .replace("self_attn.q_norm", "attn_q_norm")
                      .replace("self_attn.k_norm", "attn_k_norm")
                      .replace("self_attn.q_proj", "attn_q")
                      .replace("self_attn.k_proj", "attn_k")
                      .replace("self_attn.v_proj", "attn_v")
                      .replace("self_attn.o_proj", "attn_output")
                      .replace("mlp.gate_proj", "ffn_gate")
                      .replace("mlp.up_proj", "ffn_up")
                      .replace("mlp.down_proj", "ffn_down");
              boolean turned = family.equals("llama") && gguf.matches("blk.*attn_[qk]\\.weight");
              renamed.put(gguf, turned ? sideBySide(weights) : weights);
            });
    return renamed;
  }

  /** The two halves of each head, shuffled into pairs. */
  private Weights sideBySide(Weights weights) {
    int rows = weights.shape().get(0).intValue();
    int columns = weights.shape().get(1).intValue();
    float[] shuffled = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      int head = row / headSize;
      int within = row % headSize;
      int half = headSize / 2;
      int to = head * headSize + (within < half ? 2 * within : 2 * (within - half) + 1);
      System.arraycopy(weights.values(), row * columns, shuffled, to * columns, columns);
    }
    return new Weights(weights.shape(), shuffled);
  }

  /** The 256 bytes as printable characters, as byte-level vocabularies write them. */
  private static String[] tokens() {
    String[] tokens = new String[VOCABULARY];
    int next = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
      tokens[b] = String.valueOf((char) (printable ? b : next++));
    }
    tokens[BEGIN] = "<s>";
    tokens[END] = "</s>";
    tokens[258] = "<pad>";
    return tokens;
  }

  /** A tokenizer of bytes. */
  public static String tokenizer() {
    String[] tokens = tokens();
    var vocabulary = new StringJoiner(",");
    for (int i = 0; i < tokens.length; i++) {
      vocabulary.add("\"" + tokens[i].replace("\\", "\\\\").replace("\"", "\\\"") + "\":" + i);
    }
    var added = new StringJoiner(",");
    for (int i = BEGIN; i < VOCABULARY; i++) {
      added.add(
          """
          {"id":%d,"content":"%s","single_word":false,"lstrip":false,"rstrip":false,\
          "normalized":false,"special":true}\
          """
              .formatted(i, tokens[i]));
    }
    return """
    {"version":"1.0","truncation":null,"padding":null,"added_tokens":[%s],"normalizer":null,
    "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},
    "post_processor":{"type":"TemplateProcessing",
    "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
    "pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],
    "special_tokens":{"<s>":{"id":"<s>","ids":[256],"tokens":["<s>"]}}},
    "decoder":{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true},
    "model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,
    "end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,
    "vocab":{%s},"merges":[]}}
    """
        .formatted(added, vocabulary);
  }

  /** The bytes of a text as tokens, with the one that begins. */
  public static int[] tokensOf(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[bytes.length + 1];
    tokens[0] = BEGIN;
    for (int i = 0; i < bytes.length; i++) {
      tokens[i + 1] = bytes[i] & 0xff;
    }
    return tokens;
  }
}
