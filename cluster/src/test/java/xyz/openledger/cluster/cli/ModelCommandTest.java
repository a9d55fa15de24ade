package xyz.openledger.cluster.cli;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.json.Json;

/** Runs the verbs on a model of random weights, with a vocabulary of letters. */
class ModelCommandTest {
  private static final int LETTERS = 26;

  /** {@code y = relu(x · w)}, with x of three columns and y of two. */
  private static final String ONNX =
      "08083a7f0a110a01780a017712016822064d61744d756c0a0c0a0168120179220452656c751205736d616c6c"
          + "2a230803080210014201774a180000803f000000c000004040000080c00000a0400000c0c0"
          + "5a170a017812120a100801120c0a061204726f77730a020803"
          + "62170a017912120a100801120c0a061204726f77730a02080242021011";

  @TempDir private Path folder;

  @BeforeEach
  void writeModel() throws IOException {
    var shapes = new LinkedHashMap<String, int[]>();
    shapes.put("model.embed_tokens.weight", new int[] {LETTERS, 16});
    shapes.put("model.norm.weight", new int[] {16});
    String layer = "model.layers.0.";
    shapes.put(layer + "input_layernorm.weight", new int[] {16});
    shapes.put(layer + "post_attention_layernorm.weight", new int[] {16});
    for (String name : new String[] {"q", "k", "v", "o"}) {
      shapes.put(layer + "self_attn." + name + "_proj.weight", new int[] {16, 16});
    }
    shapes.put(layer + "mlp.gate_proj.weight", new int[] {24, 16});
    shapes.put(layer + "mlp.up_proj.weight", new int[] {24, 16});
    shapes.put(layer + "mlp.down_proj.weight", new int[] {16, 24});
    Files.write(folder.resolve("model.safetensors"), safetensors(shapes));
    var vocabulary = new StringJoiner(",");
    for (int i = 0; i < LETTERS; i++) {
      vocabulary.add("\"%c\":%d".formatted('a' + i, i));
    }
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"version":"1.0","added_tokens":[],"decoder":{"type":"Fuse"},
         "model":{"type":"BPE","vocab":{%s},"merges":[]}}
        """
            .formatted(vocabulary));
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architectures":["LlamaForCausalLM"],"vocab_size":26,"hidden_size":16,
         "intermediate_size":24,"num_hidden_layers":1,"num_attention_heads":2,
         "max_position_embeddings":128,"tie_word_embeddings":true}
        """);
  }

  @Test
  void saysWhatAModelIs() {
    var result = shell().run("model", "check", ".");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("family", "llama", "2,640", "sha256:", "D0");
  }

  @Test
  void saysWhatAFileOfOnnxHoldsOrWhyItMustNotBeRun() throws IOException {
    byte[] relu = HexFormat.of().parseHex(ONNX);
    Files.write(folder.resolve("relu.onnx"), relu);
    String loop = new String(relu, StandardCharsets.ISO_8859_1).replace("Relu", "Loop");
    Files.write(folder.resolve("loop.onnx"), loop.getBytes(StandardCharsets.ISO_8859_1));

    var result = shell().run("model", "check", "relu.onnx");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("MatMul", "Relu", "x float[any, 3]", "sha256:");

    var refused = shell().run("model", "check", "loop.onnx");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err()).contains("node[1]", "the operator \"Loop\", which is not taken");
  }

  @Test
  void answersWithTheSameDigestOnAnyNumberOfThreads() {
    var one = run("--threads", "1");
    var two = run("--threads", "2");

    assertThat(one.exitCode()).as(one.err()).isZero();
    assertThat(digest(one)).startsWith("sha256:").isEqualTo(digest(two));
    assertThat(digest(run("--seed", "8"))).isNotEqualTo(digest(one));
    assertThat(shell().run("model", "run", "--model", ".", "--prompt", "abc").out())
        .startsWith("abc");
  }

  @Test
  void refusesWhatCannotBeServedAndSaysWhy() throws IOException {
    Path config = folder.resolve("config.json");
    Files.writeString(config, Files.readString(config).replace("Llama", "Bloom"));

    var result = shell().run("model", "check", ".");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("architectures", "BloomForCausalLM is not served");
  }

  @Test
  void refusesAnAnswerLongerThanTheContext() {
    var result = run("--max-tokens", "124");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("max_tokens", "the model's context is 128");
  }

  private TestShell.Result run(String option, String value) {
    return shell()
        .run("model", "run", "--model", ".", "--prompt", "hello", "-o", "json", option, value);
  }

  private static String digest(TestShell.Result result) {
    return Json.tree(result.out().getBytes(StandardCharsets.UTF_8)).path("digest").asText();
  }

  private TestShell shell() {
    return new TestShell(folder);
  }

  private static byte[] safetensors(Map<String, int[]> shapes) {
    var header = new StringJoiner(",", "{", "}");
    var random = new SplittableRandom(3);
    ByteBuffer data = ByteBuffer.allocate(1 << 16).order(LITTLE_ENDIAN);
    shapes.forEach(
        (name, shape) -> {
          int begin = data.position();
          int count = shape.length == 1 ? shape[0] : shape[0] * shape[1];
          for (int i = 0; i < count; i++) {
            data.putFloat((float) (shape.length == 1 ? 1 : 0.4 * random.nextGaussian()));
          }
          String dimensions = shape.length == 1 ? "" + shape[0] : shape[0] + "," + shape[1];
          header.add(
              "\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                  .formatted(name, dimensions, begin, data.position()));
        });
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data.position())
        .order(LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(data.flip())
        .array();
  }
}
