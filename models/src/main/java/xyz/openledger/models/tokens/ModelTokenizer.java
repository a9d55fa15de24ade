package xyz.openledger.models.tokens;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import xyz.openledger.models.files.Refused;

/** The tokenizer of a model, from its {@code tokenizer.json}. May be used by several threads. */
public final class ModelTokenizer implements AutoCloseable {
  private static final long BYTES_MAX = 256L << 20;

  /** What a request may bring; a text of it takes tokens in the millions. */
  private static final int TEXT_LENGTH_MAX = 4 << 20;

  static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(64).maxNumberLength(40).build())
          .build();

  static {
    // Nothing is fetched and nobody is told.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    // No GPU is looked for: tokenizers have no use for one.
    setUnlessSet("RUST_FLAVOR", "cpu");
    // Where the library is unpacked to: a folder that only this user writes.
    setUnlessSet(
        "DJL_CACHE_DIR",
        Path.of(System.getProperty("user.home"), ".cache", "openledger", "tokenizers").toString());
  }

  private static void setUnlessSet(String name, String value) {
    if (System.getProperty(name) == null && System.getenv(name) == null) {
      System.setProperty(name, value);
    }
  }

  private final HuggingFaceTokenizer tokenizer;
  private final SpecialMarks marks;

  private ModelTokenizer(HuggingFaceTokenizer tokenizer, SpecialMarks marks) {
    this.tokenizer = tokenizer;
    this.marks = marks;
  }

  /**
   * Reads a tokenizer.
   *
   * @param vocabularySize how many tokens the model knows; a tokenizer that names others is refused
   */
  public static ModelTokenizer read(Path file, int vocabularySize) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw Refused.because("tokenizer.json", "is missing beside the weights");
    }
    if (Files.size(file) > BYTES_MAX) {
      throw Refused.because("tokenizer.json", "has more than 256 MiB");
    }
    try (JsonParser json = JSON.createParser(file.toFile())) {
      requireWithin(json, vocabularySize);
    }
    SpecialMarks marks = SpecialMarks.read(file);
    try {
      return new ModelTokenizer(
          HuggingFaceTokenizer.newInstance(
              file, Map.of("addSpecialTokens", "true", "truncation", "false", "padding", "false")),
          marks);
    } catch (RuntimeException wrong) {
      throw Refused.because("tokenizer.json", "cannot be used: " + wrong.getMessage());
    }
  }

  /**
   * A text of somebody who may not steer: a space breaks each mark that this tokenizer would read
   * as one token, such as {@code </s>}.
   */
  public String harmless(String text) {
    return marks.harmless(text);
  }

  /** A text's tokens, those that the model wants at its begin among them. */
  public int[] encode(String text) {
    return encode(text, true);
  }

  /** A text's tokens, with or without those that the model wants at its begin. */
  public int[] encode(String text, boolean begin) {
    if (text.length() > TEXT_LENGTH_MAX) {
      throw Refused.because("prompt", "is longer than " + TEXT_LENGTH_MAX + " characters");
    }
    Encoding encoding = tokenizer.encode(text, begin, false);
    long[] ids = encoding.getIds();
    int[] tokens = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      tokens[i] = Math.toIntExact(ids[i]);
    }
    return tokens;
  }

  /** The text of tokens, without those that only steer. */
  public String decode(int[] tokens) {
    long[] ids = new long[tokens.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tokens[i];
    }
    return tokens.length == 0 ? "" : tokenizer.decode(ids, true);
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  /** Looks at every number that the file gives a token, without keeping any. */
  static void requireWithin(JsonParser json, int vocabularySize) throws IOException {
    try {
      int depth = 0;
      boolean model = false;
      boolean vocabulary = false;
      boolean added = false;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        String name = json.currentName();
        switch (token) {
          case START_OBJECT, START_ARRAY -> {
            depth++;
            model |= depth == 2 && "model".equals(name);
            added |= depth == 2 && "added_tokens".equals(name);
            vocabulary |= depth == 3 && model && "vocab".equals(name);
          }
          case END_OBJECT, END_ARRAY -> {
            depth--;
            vocabulary &= depth >= 3;
            model &= depth >= 2;
            added &= depth >= 2;
          }
          case VALUE_STRING -> {
            // The library ends the process where a token is shorter than this; no model here has
            // it.
            if (model
                && depth == 2
                && "continuing_subword_prefix".equals(name)
                && !json.getText().isEmpty()) {
              throw Refused.because("tokenizer.json", "continuing_subword_prefix is not served");
            }
          }
          case VALUE_NUMBER_FLOAT -> {
            // Another that it does not survive.
            if (!Double.isFinite(json.getDoubleValue())) {
              throw Refused.because("tokenizer.json", "holds a number beyond all numbers");
            }
          }
          case VALUE_NUMBER_INT -> {
            boolean id = (vocabulary && depth == 3) || (added && depth == 3 && "id".equals(name));
            if (id && (json.getLongValue() < 0 || json.getLongValue() >= vocabularySize)) {
              throw Refused.at(
                  "tokenizer.json",
                  json.currentLocation().getByteOffset(),
                  "gives '%s' the number %d, and the model knows %d tokens"
                      .formatted(brief(String.valueOf(name)), json.getLongValue(), vocabularySize));
            }
          }
          default -> {}
        }
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException malformed) {
      throw Refused.because("tokenizer.json", "is no JSON: " + malformed.getOriginalMessage());
    }
  }

  private static String brief(String text) {
    return text.substring(0, Math.min(text.length(), 40));
  }
}
