package xyz.openledger.models.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigJsonTest {
  private static final String SIZES =
      """
      "vocab_size": 49152, "hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": 30,
      "num_attention_heads": 9, "num_key_value_heads": 3, "max_position_embeddings": 2048,
      "rms_norm_eps": 1e-05, "torch_dtype": "bfloat16", "initializer_range": 0.041666666666666664
      """;

  @Test
  void readsSmolLm() {
    var config = read("LlamaForCausalLM", "\"tie_word_embeddings\": true, \"rope_theta\": 100000");

    assertThat(config.headSize()).isEqualTo(64);
    assertThat(config.keyValueHeads()).isEqualTo(3);
    assertThat(config.tiedEmbeddings()).isTrue();
    assertThat(config.ropeTheta()).isEqualTo(100_000);
    assertThat(config.attentionBias()).isFalse();
    // As published for SmolLM-135M.
    assertThat(config.parameters()).isEqualTo(134_515_008L);
  }

  @Test
  void letsOnlyMistralSlide() {
    assertThat(read("MistralForCausalLM", "\"sliding_window\": 1024").slidingWindow())
        .isEqualTo(1024);
    assertThat(read("MistralForCausalLM", "\"sliding_window\": null").slidingWindow()).isZero();
    assertThat(
            read("Qwen2ForCausalLM", "\"sliding_window\": 9, \"use_sliding_window\": false")
                .slidingWindow())
        .isZero();
  }

  @Test
  void knowsWhatQwenDoesNotSay() {
    assertThat(read("Qwen2ForCausalLM", "\"rope_scaling\": null").attentionBias()).isTrue();
    assertThat(read("Qwen3ForCausalLM", "\"head_dim\": 128").queryKeyNorm()).isTrue();
    assertThat(read("Qwen3ForCausalLM", "\"head_dim\": 128").queryWidth()).isEqualTo(1152);
  }

  @Test
  void readsHowLlamaStretchesItsContext() {
    var config =
        read(
            "LlamaForCausalLM",
            """
            "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
            "original_max_position_embeddings": 8192, "rope_type": "llama3"}\
            """);

    assertThat(config.ropeScaling()).hasValue(new ModelConfig.RopeScaling(32, 1, 4, 8192));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GPT2LMHeadModel  | \"a\": 1 | architectures",
        "LlamaForCausalLM | \"hidden_act\": \"gelu\" | hidden_act",
        "LlamaForCausalLM | \"mlp_bias\": true | mlp_bias",
        "LlamaForCausalLM | \"quantization_config\": {} | quantization_config",
        "LlamaForCausalLM | \"rope_scaling\": {\"type\": \"yarn\"} | rope_scaling",
        "LlamaForCausalLM | \"rope_scaling\": 3 | is no object",
        "LlamaForCausalLM | \"rope_theta\": \"x\" | rope_theta",
        "LlamaForCausalLM | \"rope_theta\": -1 | rope_theta",
        "LlamaForCausalLM | \"head_dim\": 63 | is odd",
        "LlamaForCausalLM | \"head_dim\": 1024 | not between 2 and 512",
        "LlamaForCausalLM | \"eos_token_id\": 49152 | eos_token_id",
        "LlamaForCausalLM | \"eos_token_id\": [1, \"x\"] | eos_token_id",
        "LlamaForCausalLM | \"vocab_size\": 3 | Duplicate",
        "Qwen2ForCausalLM | \"use_sliding_window\": true, \"sliding_window\": 4 |"
            + " use_sliding_window",
      })
  void refusesWhatItWouldServeWrongly(String architecture, String field, String reason) {
    assertThatThrownBy(() -> read(architecture, field)).hasMessageContaining(reason);
  }

  @Test
  void refusesHeadsThatDoNotShareEvenly() {
    String json =
        "{\"architectures\": [\"LlamaForCausalLM\"],"
            + SIZES.replace("heads\": 3", "heads\": 2")
            + "}";

    assertThatThrownBy(() -> ConfigJson.read(json.getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("2 does not divide 9");
  }

  private static ModelConfig read(String architecture, String more) {
    String type = architecture.replace("ForCausalLM", "").toLowerCase(java.util.Locale.ROOT);
    String json =
        "{\"architectures\": [\"%s\"], \"model_type\": \"%s\", %s, %s}"
            .formatted(architecture, type, SIZES, more);
    return ConfigJson.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
