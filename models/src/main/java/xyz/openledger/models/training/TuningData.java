package xyz.openledger.models.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.files.Refused;
import xyz.openledger.models.tokens.ModelTokenizer;
import xyz.openledger.protocol.Digest;

/**
 * Samples from a file of lines, each {@code {"messages": [{"role": …, "content": …}, …]}} or {@code
 * {"prompt": …, "completion": …}}. What the assistant says, and completions, are to be learnt; but
 * a line with {@code "heldBack": true} only tells the loss.
 *
 * @param samples to learn from
 * @param heldBack to tell the loss on
 */
public record TuningData(Digest digest, List<Sample> samples, List<Sample> heldBack) {
  /** The most lines that are marked as held back: all are looked at for each checkpoint. */
  public static final int HELD_BACK_MAX = 10_000;

  private static final long BYTES_MAX = 256L << 20;
  private static final int SAMPLES_MAX = 1_000_000;

  /** All samples are in memory: two integers of each token. */
  private static final long TOKENS_MAX = 16 << 20;

  /** A sample is no longer than a context, and a line has little besides. */
  private static final int LINE_CHARACTERS_MAX = 4 << 20;

  /** Copies the lists. */
  public TuningData {
    samples = List.copyOf(samples);
    heldBack = List.copyOf(heldBack);
  }

  /**
   * Reads a file.
   *
   * @throws xyz.openledger.protocol.ProblemException naming the line and the field that is wrong
   */
  public static TuningData read(Path file, ModelTokenizer tokenizer, ModelConfig config)
      throws IOException {
    return read(file, tokenizer, config, () -> {});
  }

  /**
   * The same.
   *
   * @param check asked before each line; what it throws ends the reading
   */
  static TuningData read(Path file, ModelTokenizer tokenizer, ModelConfig config, Runnable check)
      throws IOException {
    return read(file, tokenizer, config, check, TOKENS_MAX);
  }

  static TuningData read(
      Path file, ModelTokenizer tokenizer, ModelConfig config, Runnable check, long tokensMax)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      throw Refused.because("data", file + " is no file");
    }
    if (Files.size(file) > BYTES_MAX) {
      throw Refused.because("data", "has more than 256 MiB");
    }
    var lines = new Lines(tokenizer, config);
    var samples = new ArrayList<Sample>();
    var heldBack = new ArrayList<Sample>();
    int number = 0;
    long tokens = 0;
    MessageDigest digest = Digest.sha256();
    try (var text = text(new DigestInputStream(Files.newInputStream(file), digest))) {
      for (String line = line(text, 1); line != null; line = line(text, number + 1)) {
        number++;
        check.run();
        if (!line.isBlank()) {
          tokens += lines.read(line, number, samples, heldBack);
        }
        if (tokens > tokensMax) {
          throw Refused.because("line " + number, "is beyond %d tokens".formatted(tokensMax));
        }
        if (heldBack.size() > HELD_BACK_MAX) {
          throw Refused.because(
              "line " + number, "is beyond %d samples held back".formatted(HELD_BACK_MAX));
        }
        if (samples.size() + heldBack.size() > SAMPLES_MAX) {
          throw Refused.because("line " + number, "is beyond a million samples");
        }
      }
    }
    if (samples.isEmpty()) {
      throw Refused.because("data", "holds no sample to learn from");
    }
    return new TuningData(Digest.wrap(digest.digest()), samples, heldBack);
  }

  private static BufferedReader text(InputStream bytes) {
    // A decoder made like this refuses what is no UTF-8.
    return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
  }

  /** The next line without its end, or null after the last. */
  private static @Nullable String line(BufferedReader text, int number) throws IOException {
    var line = new StringBuilder();
    try {
      int next = text.read();
      if (next < 0) {
        return null;
      }
      for (; next >= 0 && next != '\n' && next != '\r'; next = text.read()) {
        line.append((char) next);
        if (line.length() > LINE_CHARACTERS_MAX) {
          throw Refused.because(
              "line " + number, "has more than %d characters".formatted(LINE_CHARACTERS_MAX));
        }
      }
      if (next == '\r') {
        text.mark(1);
        if (text.read() != '\n') {
          text.reset();
        }
      }
      return line.toString();
    } catch (CharacterCodingException notText) {
      throw Refused.because("data", "is no UTF-8");
    }
  }

  /** Makes a sample of a line. */
  private record Lines(ModelTokenizer tokenizer, ModelConfig config) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Answers how many tokens it has. */
    int read(String line, int number, List<Sample> samples, List<Sample> heldBack) {
      JsonNode node;
      try {
        node = JSON.readTree(line);
      } catch (JsonProcessingException malformed) {
        throw Refused.because("line " + number, "is no JSON: " + malformed.getOriginalMessage());
      }
      String at = "line " + number;
      JsonNode mark = node.path("heldBack");
      if (!mark.isMissingNode() && !mark.isBoolean()) {
        throw Refused.because(at + ", heldBack", "is neither true nor false");
      }
      Sample read = sample(node, at);
      (mark.asBoolean() ? heldBack : samples).add(read);
      return read.tokens().length;
    }

    private Sample sample(JsonNode node, String at) {
      var tokens = new Growing();
      if (node.has("messages")) {
        messages(node.get("messages"), at, tokens);
      } else {
        tokens.add(tokenizer.encode(text(node, "prompt", at), true), false);
        tokens.add(tokenizer.encode(text(node, "completion", at), false), true);
        config.endTokens().stream().limit(1).forEach(end -> tokens.add(new int[] {end}, true));
      }
      Sample sample = tokens.sample(at);
      if (sample.tokens().length > config.contextMax()) {
        throw Refused.because(
            at,
            "has %d tokens, and the model reads %d"
                .formatted(sample.tokens().length, config.contextMax()));
      }
      return sample;
    }

    private void messages(JsonNode messages, String at, Growing tokens) {
      if (!messages.isArray() || messages.isEmpty()) {
        throw Refused.because(at + ", messages", "is no list of messages");
      }
      for (int i = 0; i < messages.size(); i++) {
        String field = at + ", messages[" + i + "]";
        String role = text(messages.get(i), "role", field);
        int steering =
            switch (role) {
              case "system", "user", "assistant" -> steering("<|" + role + "|>", field);
              default ->
                  throw Refused.because(
                      field + ".role", "is " + role + "; roles are system, user and assistant");
            };
        boolean learnt = role.equals("assistant") && weight(messages.get(i), field);
        tokens.add(new int[] {steering}, false);
        tokens.add(tokenizer.encode(text(messages.get(i), "content", field), false), learnt);
        tokens.add(new int[] {steering("<|end|>", field)}, learnt);
      }
    }

    /** As the OpenAI API has it: what weighs 0 is read and not learnt. */
    private static boolean weight(JsonNode message, String at) {
      JsonNode weight = message.path("weight");
      if (!weight.isMissingNode() && !(weight.isInt() && weight.intValue() >> 1 == 0)) {
        throw Refused.because(at + ".weight", "is neither 0 nor 1");
      }
      return weight.asInt(1) == 1;
    }

    private int steering(String token, String field) {
      int[] tokens = tokenizer.encode(token, false);
      if (tokens.length != 1) {
        throw Refused.because(
            field, "this model has no token " + token + "; write prompt and completion instead");
      }
      return tokens[0];
    }

    private static String text(JsonNode node, String field, String at) {
      JsonNode value = node.path(field);
      if (!value.isTextual()) {
        throw Refused.because(
            at + ", " + field, value.isMissingNode() ? "is missing" : "is no text");
      }
      return value.textValue();
    }
  }

  /** Tokens, and whether each is to be learnt. */
  private static final class Growing {
    private final IntStream.Builder tokens = IntStream.builder();
    private final IntStream.Builder targets = IntStream.builder();

    void add(int[] more, boolean learnt) {
      for (int token : more) {
        tokens.add(token);
        targets.add(learnt ? token : -1);
      }
    }

    Sample sample(String at) {
      int[] all = tokens.build().toArray();
      int[] wanted = targets.build().toArray();
      if (all.length < 2 || IntStream.of(wanted).skip(1).allMatch(one -> one < 0)) {
        throw Refused.because(at, "holds nothing to learn");
      }
      return new Sample(
          java.util.Arrays.copyOf(all, all.length - 1),
          java.util.Arrays.copyOfRange(wanted, 1, wanted.length));
    }
  }
}
