package xyz.openledger.models.recipe;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.training.AdapterShape;
import xyz.openledger.models.training.FineTune;
import xyz.openledger.models.training.Initial;
import xyz.openledger.models.training.Layout;
import xyz.openledger.models.training.Parameters;
import xyz.openledger.models.training.Sample;
import xyz.openledger.models.training.Settings;
import xyz.openledger.models.training.TensorWriter;
import xyz.openledger.models.training.Trainer;
import xyz.openledger.models.training.TrainingEvent;
import xyz.openledger.models.training.TrainingState;
import xyz.openledger.models.training.Weights;
import xyz.openledger.models.training.Workers;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;

/** Makes the folder of the tiny model, and those of its adapters, from nothing but the recipe. */
public final class TinyModelFolder {
  /** Tokens that are in memory at once; more is quicker, and the bits are the same. */
  private static final int ROWS = 2_048;

  private static final int EXCHANGES_A_STEP = 2;

  /** What they change. */
  public static final AdapterShape ADAPTER_SHAPE =
      new AdapterShape(
          8,
          16,
          EnumSet.of(
              Projection.QUERY,
              Projection.VALUE,
              Projection.OUTPUT,
              Projection.GATE,
              Projection.DOWN));

  private static final String TEMPLATE =
      "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>"
          + "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

  private final Path folder;

  /** In a folder, which is made if it is not there. */
  public TinyModelFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes tokenizer and configuration, and trains the weights.
   *
   * @param steps how many of the recipe's; all of them make the model
   * @return the digest of the weights' file
   */
  public Digest train(StrictKernels kernels, int threads, int steps, Consumer<TrainingEvent> events)
      throws IOException {
    Files.createDirectories(folder);
    List<Exchange> exchanges = TinyRecipe.exchanges();
    Files.write(folder.resolve("tokenizer.json"), TinyRecipe.tokenizer(exchanges));
    List<Sample> samples = TinyRecipe.samples(exchanges, folder.resolve("tokenizer.json"));
    writeConfiguration();
    ModelConfig config = TinyRecipe.config();
    try (Arena arena = Arena.ofShared();
        var workers = new Workers(threads)) {
      Layout layout = Layout.ofModel(config);
      Parameters drawn = Initial.model(layout, config.layers(), TinyRecipe.SEED, arena);
      var weights = new Weights(config, drawn, Optional.empty());
      var state = TrainingState.before(drawn, arena);
      try (var trainer =
          new Trainer(kernels, workers, weights, samples, TinyRecipe.SETTINGS, state, ROWS)) {
        for (int step = 0; step < steps; step++) {
          events.accept(trainer.step());
        }
      }
      return new TensorWriter(true)
          .add("", drawn)
          .write(folder.resolve("model.safetensors"), Map.of("format", "pt"));
    }
  }

  /** Trains an adapter on the folder's model; answers the digest of its weights' file. */
  public Digest trainAdapter(
      StrictKernels kernels, int threads, Style style, Path out, Consumer<TrainingEvent> events)
      throws IOException {
    Path work = Files.createTempDirectory("openledger-adapter");
    Path data = work.resolve("data.jsonl");
    Files.writeString(data, lines(style));
    try (var tune =
        new FineTune(kernels, threads, folder, data, ADAPTER_SHAPE, settings(style), false)) {
      TrainingState trained = tune.run(tune.beginning(), style.steps(), 0, work, events);
      return tune.publish(trained, out);
    } finally {
      try (var files = Files.list(work)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(work);
    }
  }

  /** How the adapter of a style is trained. */
  public static Settings settings(Style style) {
    return new Settings(style.steps(), 8, 5e-3f, 10, 0.01f, 1, TinyRecipe.SEED);
  }

  /** What an adapter learns from, a line of JSON each. */
  public static String lines(Style style) throws IOException {
    var json = new ObjectMapper();
    var lines = new StringBuilder();
    for (Exchange exchange : style.exchanges(style.steps() * EXCHANGES_A_STEP)) {
      ObjectNode line = json.createObjectNode();
      var messages = line.putArray("messages");
      messages.addObject().put("role", "user").put("content", exchange.question());
      messages.addObject().put("role", "assistant").put("content", exchange.answer());
      lines.append(json.writeValueAsString(line)).append('\n');
    }
    return lines.toString();
  }

  private void writeConfiguration() throws IOException {
    ModelConfig config = TinyRecipe.config();
    var json = new ObjectMapper();
    ObjectNode root = json.createObjectNode();
    root.putArray("architectures").add("LlamaForCausalLM");
    root.put("model_type", "llama").put("torch_dtype", "bfloat16");
    root.put("vocab_size", config.vocabularySize()).put("hidden_size", config.hiddenSize());
    root.put("intermediate_size", config.intermediateSize());
    root.put("num_hidden_layers", config.layers()).put("num_attention_heads", config.heads());
    root.put("num_key_value_heads", config.keyValueHeads()).put("head_dim", config.headSize());
    root.put("max_position_embeddings", config.contextMax());
    root.put("rms_norm_eps", config.normEpsilon()).put("rope_theta", config.ropeTheta());
    root.put("hidden_act", "silu").put("tie_word_embeddings", config.tiedEmbeddings());
    root.put("attention_bias", false).put("mlp_bias", false);
    root.put("eos_token_id", TinyRecipe.END);
    write("config.json", json, root);
    ObjectNode tokenizer = json.createObjectNode();
    tokenizer.put("tokenizer_class", "PreTrainedTokenizerFast");
    tokenizer.put("eos_token", TinyRecipe.SPECIAL.getFirst());
    tokenizer.put("model_max_length", config.contextMax());
    tokenizer.put("clean_up_tokenization_spaces", false);
    tokenizer.put("chat_template", TEMPLATE);
    write("tokenizer_config.json", json, tokenizer);
  }

  private void write(String name, ObjectMapper json, ObjectNode root) throws IOException {
    String text = json.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    Files.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }
}
