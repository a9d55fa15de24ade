package xyz.openledger.models.tokens;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonParser;
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
    try (JsonParser json = TokenizerFile.JSON.createParser(file.toFile())) {
      TokenizerFile.requireServed(json, vocabularySize);
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
   * Checks a {@code tokenizer.json} as {@link #read} does, without the library that runs it.
   *
   * @throws xyz.openledger.protocol.ProblemException with what is not served
   */
  public static void check(byte[] file, int vocabularySize) {
    try (JsonParser parts = TokenizerFile.JSON.createParser(file);
        JsonParser marks = TokenizerFile.JSON.createParser(file)) {
      TokenizerFile.requireServed(parts, vocabularySize);
      SpecialMarks.read(marks);
    } catch (IOException malformed) {
      throw Refused.because(TokenizerFile.NAME, "is no JSON: " + malformed.getMessage());
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
}
