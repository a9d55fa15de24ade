package xyz.openledger.models.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A model of the Llama family whose weights are drawn from a seed, as GGUF with a tokenizer of
 * bytes beside it: it says nothing of sense, and weighs what a real one weighs. For measuring, here
 * and in other engines.
 *
 * @param bf16 whether weights, adapters' too, are bf16, else fp32; norms are fp32 either way
 */
public record DrawnModel(
    int hidden, int inner, int layers, int heads, int keyHeads, int context, boolean bf16) {
  private static final int BYTES = 256;
  private static final int BYTE_KIND = 1;
  private static final int STEERING_KIND = 3;
  private static final List<String> SPECIAL = List.of("<s>", "</s>");
  private static final double SPREAD = 0.02;

  /** 164 million weights, 328 MB in bf16. */
  public static DrawnModel ofBench(boolean bf16) {
    return new DrawnModel(1_024, 2_816, bf16 ? 14 : 7, 16, 8, 2_048, bf16);
  }

  private int headSize() {
    return hidden / heads;
  }

  /** Writes it into a folder; answers the file of GGUF. */
  public Path write(Path folder, long seed) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve("tokenizer.json"), TokenizerJson.write(SPECIAL, List.of()));
    var random = new SplittableRandom(seed);
    GgufWriter.Numbers drawn = () -> (float) (SPREAD * (random.nextDouble() * 2 - 1));
    GgufWriter.Numbers ones = () -> 1;
    GgufWriter.Kind kind = bf16 ? GgufWriter.Kind.BF16 : GgufWriter.Kind.F32;
    long width = hidden;
    long keys = (long) keyHeads * headSize();
    GgufWriter gguf = entries();
    gguf.tensor("token_embd.weight", kind, drawn, vocabulary(), width);
    gguf.tensor("output_norm.weight", GgufWriter.Kind.F32, ones, width);
    gguf.tensor("output.weight", kind, drawn, vocabulary(), width);
    for (int layer = 0; layer < layers; layer++) {
      String name = "blk.%d.".formatted(layer);
      gguf.tensor(name + "attn_norm.weight", GgufWriter.Kind.F32, ones, width);
      gguf.tensor(name + "attn_q.weight", kind, drawn, width, width);
      gguf.tensor(name + "attn_k.weight", kind, drawn, keys, width);
      gguf.tensor(name + "attn_v.weight", kind, drawn, keys, width);
      gguf.tensor(name + "attn_output.weight", kind, drawn, width, width);
      gguf.tensor(name + "ffn_norm.weight", GgufWriter.Kind.F32, ones, width);
      gguf.tensor(name + "ffn_gate.weight", kind, drawn, inner, width);
      gguf.tensor(name + "ffn_up.weight", kind, drawn, inner, width);
      gguf.tensor(name + "ffn_down.weight", kind, drawn, width, inner);
    }
    return gguf.write(folder.resolve("model.gguf"));
  }

  /** Writes an adapter of queries and values as llama.cpp reads it, of the numbers it draws. */
  public Path writeAdapter(Path file, int rank, long seed) throws IOException {
    var random = new SplittableRandom(seed);
    GgufWriter.Numbers drawn = () -> (float) (SPREAD * (random.nextDouble() * 2 - 1));
    GgufWriter.Kind kind = bf16 ? GgufWriter.Kind.BF16 : GgufWriter.Kind.F32;
    var gguf = new GgufWriter();
    gguf.put("general.architecture", "llama").put("general.type", "adapter");
    gguf.put("adapter.type", "lora").put("adapter.lora.alpha", (float) rank);
    for (int layer = 0; layer < layers; layer++) {
      for (String matrix : List.of("attn_q", "attn_v")) {
        String name = "blk.%d.%s.weight.lora_".formatted(layer, matrix);
        long outputs = matrix.equals("attn_q") ? hidden : (long) keyHeads * headSize();
        gguf.tensor(name + "a", kind, drawn, rank, hidden);
        gguf.tensor(name + "b", kind, drawn, outputs, rank);
      }
    }
    return gguf.write(file);
  }

  private static int vocabulary() {
    return BYTES + SPECIAL.size();
  }

  private GgufWriter entries() {
    var tokens = new ArrayList<>(SPECIAL);
    for (int value = 0; value < BYTES; value++) {
      tokens.add(String.valueOf(BytePairs.symbol(value)));
    }
    int[] kinds = new int[vocabulary()];
    Arrays.fill(kinds, BYTE_KIND);
    Arrays.fill(kinds, 0, SPECIAL.size(), STEERING_KIND);
    return new GgufWriter()
        .put("general.architecture", "llama")
        .put("general.name", "drawn")
        .put("llama.block_count", layers)
        .put("llama.context_length", context)
        .put("llama.embedding_length", hidden)
        .put("llama.feed_forward_length", inner)
        .put("llama.attention.head_count", heads)
        .put("llama.attention.head_count_kv", keyHeads)
        .put("llama.attention.key_length", headSize())
        .put("llama.attention.value_length", headSize())
        .put("llama.rope.dimension_count", headSize())
        .put("llama.rope.freq_base", 10_000f)
        .put("llama.attention.layer_norm_rms_epsilon", 1e-5f)
        .put("tokenizer.ggml.model", "gpt2")
        .put("tokenizer.ggml.pre", "default")
        .put("tokenizer.ggml.tokens", tokens)
        .put("tokenizer.ggml.token_type", kinds)
        .put("tokenizer.ggml.merges", List.of("a b"))
        .put("tokenizer.ggml.bos_token_id", 0)
        .put("tokenizer.ggml.eos_token_id", 1);
  }
}
