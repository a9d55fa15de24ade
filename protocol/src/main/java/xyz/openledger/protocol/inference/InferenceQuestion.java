package xyz.openledger.protocol.inference;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.json.DecimalText;
import xyz.openledger.protocol.json.Json;

/**
 * What an inference task asks, and all of it: with the model, the adapter and this, every machine
 * of class D0 gives the same answer, bit for bit.
 *
 * @param messages a conversation; absent if {@code prompt} is said
 * @param prompt text to go on from; absent if {@code messages} is said
 * @param tokensMax the most tokens of the answer
 * @param temperatureThousandths 0 takes the likeliest token each time
 * @param topPThousandths draws from the likeliest tokens that together have this share
 * @param topK draws from this many of the likeliest; 0 from all
 * @param seed of the draws
 * @param stop texts at which the answer ends, without them
 * @param embed whether the state of the model after the prompt is wanted as well; absent for no
 */
public record InferenceQuestion(
    @Nullable List<Message> messages,
    @Nullable String prompt,
    int tokensMax,
    int temperatureThousandths,
    int topPThousandths,
    int topK,
    @DecimalText long seed,
    List<String> stop,
    @Nullable Boolean embed) {
  /** The most tokens of one answer. */
  public static final int TOKENS_MAX = 32_768;

  /** The most messages of one conversation. */
  public static final int MESSAGES_MAX = 256;

  /** The longest text of one message or prompt, in characters. */
  public static final int TEXT_MAX = 256 << 10;

  private static final int STOPS_MAX = 4;

  /** What a template puts around a message, at most. */
  private static final int FRAME_TOKENS = 32;

  /** One message of a conversation. */
  public record Message(String role, String content) {
    private static final List<String> ROLES = List.of("system", "user", "assistant");

    /** Checks the role and the length. */
    public Message {
      if (!ROLES.contains(Check.present("role", role))) {
        throw Check.refusal("role", "must be one of " + String.join(", ", ROLES));
      }
      Check.text("content", content, TEXT_MAX);
    }
  }

  /** Checks the ranges. */
  public InferenceQuestion {
    if ((messages == null) == (prompt == null)) {
      throw Check.refusal("messages", "either messages or a prompt must be said, not both");
    }
    if (messages != null) {
      messages = List.copyOf(Check.size("messages", messages, 1, MESSAGES_MAX));
    }
    if (prompt != null) {
      Check.text("prompt", prompt, TEXT_MAX);
    }
    Check.range("tokensMax", tokensMax, 1, TOKENS_MAX);
    Check.range("temperatureThousandths", temperatureThousandths, 0, 2_000);
    Check.range("topPThousandths", topPThousandths, 1, 1_000);
    Check.range("topK", topK, 0, 1_000);
    stop = List.copyOf(Check.size("stop", Check.present("stop", stop), 0, STOPS_MAX));
    for (String text : stop) {
      if (Check.text("stop", text, 64).isEmpty()) {
        throw Check.refusal("stop", "must not be empty: it would end every answer at once");
      }
    }
  }

  /** A question that wants words alone. */
  public InferenceQuestion(
      @Nullable List<Message> messages,
      @Nullable String prompt,
      int tokensMax,
      int temperatureThousandths,
      int topPThousandths,
      int topK,
      long seed,
      List<String> stop) {
    this(
        messages,
        prompt,
        tokensMax,
        temperatureThousandths,
        topPThousandths,
        topK,
        seed,
        stop,
        null);
  }

  /** A text whose embedding is wanted. */
  public static InferenceQuestion embedding(String text) {
    return new InferenceQuestion(null, text, 1, 0, 1_000, 0, 0, List.of(), true);
  }

  /** Whether the state of the model after the prompt is wanted. */
  public boolean embeds() {
    return Boolean.TRUE.equals(embed);
  }

  /** A prompt that is gone on from with the likeliest tokens. */
  public static InferenceQuestion greedy(String prompt, int tokensMax) {
    return new InferenceQuestion(null, prompt, tokensMax, 0, 1_000, 0, 0, List.of());
  }

  /** A task's input. */
  public byte[] canonical() {
    return Json.canonical(this);
  }

  /** An upper bound of the prompt's tokens: none has less than a byte, and each message a frame. */
  public int promptTokensMax() {
    long bytes = prompt == null ? 0 : prompt.getBytes(StandardCharsets.UTF_8).length;
    if (messages != null) {
      for (Message message : messages) {
        bytes += message.content().getBytes(StandardCharsets.UTF_8).length + FRAME_TOKENS;
      }
    }
    return (int) Math.min(bytes + FRAME_TOKENS, Integer.MAX_VALUE / 2);
  }
}
