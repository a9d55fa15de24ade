package xyz.openledger.models.recipe;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.tokens.ModelTokenizer;
import xyz.openledger.models.training.Sample;
import xyz.openledger.models.training.Seeded;
import xyz.openledger.models.training.Settings;

/** What the tiny model is made of. Whoever follows it has the same bytes. */
public final class TinyRecipe {
  /** Of text, weights and order alike. */
  public static final long SEED = 2026;

  /** Tokens that steer, by their numbers. */
  static final List<String> SPECIAL = List.of("<|end|>", "<|system|>", "<|user|>", "<|assistant|>");

  static final int END = 0;
  static final int USER = 2;
  static final int ASSISTANT = 3;

  static final int VOCABULARY = 1_024;
  static final int CONTEXT = 512;
  private static final int EXCHANGES = 40_000;
  private static final int EXCHANGES_A_SAMPLE = 4;

  /** How the model is trained. */
  public static final Settings SETTINGS = new Settings(1_800, 12, 3e-3f, 60, 0.05f, 1, SEED);

  private TinyRecipe() {}

  /** Its shape: 0.9 million weights. */
  public static ModelConfig config() {
    return new ModelConfig(
        "llama",
        VOCABULARY,
        128,
        384,
        4,
        4,
        2,
        32,
        CONTEXT,
        0,
        10_000,
        Optional.empty(),
        1e-5,
        false,
        false,
        true,
        List.of(END));
  }

  /** All the text, from the seed. */
  static List<Exchange> exchanges() {
    var grammar = new Grammar(new Seeded(SEED));
    var exchanges = new ArrayList<Exchange>();
    while (exchanges.size() < EXCHANGES) {
      exchanges.add(grammar.next());
    }
    return exchanges;
  }

  /** The bytes of its {@code tokenizer.json}, learnt from that text. */
  static byte[] tokenizer(List<Exchange> exchanges) throws IOException {
    var texts = new ArrayList<String>();
    exchanges.forEach(one -> texts.addAll(List.of(one.question(), one.answer())));
    int pairs = VOCABULARY - SPECIAL.size() - 256;
    return TokenizerJson.write(SPECIAL, BytePairs.learn(texts, pairs));
  }

  /** Four exchanges a sample; only answers are to be said. */
  static List<Sample> samples(List<Exchange> exchanges, Path tokenizerJson) throws IOException {
    var samples = new ArrayList<Sample>();
    try (var tokenizer = ModelTokenizer.read(tokenizerJson, VOCABULARY)) {
      for (int i = 0; i + EXCHANGES_A_SAMPLE <= exchanges.size(); i += EXCHANGES_A_SAMPLE) {
        var conversation = new Conversation(tokenizer);
        exchanges.subList(i, i + EXCHANGES_A_SAMPLE).forEach(conversation::add);
        samples.add(conversation.sample());
      }
    }
    return samples;
  }
}
