package xyz.openledger.cluster.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.inference.InferenceQuestion.Message;

/**
 * What a client asked, understood. Unknown fields are passed over, as that API does; what is known
 * but not offered is refused by name, never ignored.
 *
 * @param chat whether a conversation was given, and no bare prompt
 * @param stream whether the answer is wanted as server-sent events
 * @param usageWanted whether the stream ends with the tokens that were used
 * @param policy the {@code openledger.policy} of the body: a name or a whole policy; absent if none
 */
public record Question(
    ModelName model,
    InferenceQuestion ask,
    boolean chat,
    boolean stream,
    boolean usageWanted,
    @Nullable JsonNode policy) {
  /** How many tokens an answer has at most if the client does not say. */
  public static final int TOKENS_DEFAULT = 128;

  /** What is known and not offered, in the order in which it is told. */
  private static final List<NotOffered> NOT_OFFERED =
      List.of(
          new NotOffered("tools"),
          new NotOffered("tool_choice", "none", "auto"),
          new NotOffered("functions"),
          new NotOffered("function_call", "none", "auto"),
          new NotOffered("logit_bias"),
          new NotOffered("audio"),
          new NotOffered("modalities", "[\"text\"]"),
          new NotOffered("logprobs"),
          new NotOffered("top_logprobs", "0"),
          new NotOffered("echo"),
          new NotOffered("suffix", ""),
          new NotOffered("prediction"),
          new NotOffered("reasoning_effort", "none"),
          new NotOffered("web_search_options"),
          // Of vLLM.
          new NotOffered("min_p", "0", "0.0"),
          new NotOffered("repetition_penalty", "1", "1.0"),
          new NotOffered("min_tokens", "0"),
          new NotOffered("ignore_eos"),
          new NotOffered("stop_token_ids"),
          new NotOffered("bad_words"),
          new NotOffered("prompt_logprobs"),
          new NotOffered("structured_outputs"),
          new NotOffered("guided_json"),
          new NotOffered("guided_regex"),
          new NotOffered("guided_choice"),
          new NotOffered("guided_grammar"),
          new NotOffered("guided_decoding_backend"));

  /** A field, and the values that ask for nothing beyond what is offered. */
  private record NotOffered(String name, Set<String> usual) {
    NotOffered(String name, String... usual) {
      this(name, Set.of(usual));
    }

    void refuseIn(Fields fields) {
      JsonNode value = fields.body().path(name);
      String said = value.isValueNode() ? value.asText() : value.toString();
      if (fields.asksFor(name) && !usual.contains(said)) {
        throw OpenAiRefusal.unsupported(name, "is not offered by the models here");
      }
    }
  }

  /** Reads the body of {@code POST /v1/chat/completions}. */
  public static Question chat(JsonNode body, long seed) {
    return read(body, seed, true);
  }

  /** Reads the body of {@code POST /v1/completions}. */
  public static Question completion(JsonNode body, long seed) {
    return read(body, seed, false);
  }

  private static Question read(JsonNode body, long seed, boolean chat) {
    var fields = new Fields(body);
    ModelName model = ModelName.parse(fields.text("model"));
    refuseWhatIsNotOffered(fields);
    int tokensMax = fields.number("max_tokens", 1, InferenceQuestion.TOKENS_MAX, TOKENS_DEFAULT);
    tokensMax = fields.number("max_completion_tokens", 1, InferenceQuestion.TOKENS_MAX, tokensMax);
    InferenceQuestion ask;
    try {
      ask =
          new InferenceQuestion(
              chat ? messages(fields) : null,
              chat ? null : prompt(fields),
              tokensMax,
              fields.thousandths("temperature", 0, 2_000, 1_000),
              Math.max(1, fields.thousandths("top_p", 0, 1_000, 1_000)),
              fields.number("top_k", 0, 1_000, 0),
              (fields.has("seed") ? fields.wholeNumber("seed") : seed) & Long.MAX_VALUE,
              fields.texts("stop"));
    } catch (ProblemException refused) {
      throw OpenAiRefusal.of(refused.field(), refused.detail());
    }
    JsonNode network = fields.network("policy");
    return new Question(
        model,
        ask,
        chat,
        fields.flag("stream"),
        body.path("stream_options").path("include_usage").asBoolean(false),
        network.hasNonNull("policy") ? network.get("policy") : null);
  }

  private static void refuseWhatIsNotOffered(Fields fields) {
    NOT_OFFERED.forEach(field -> field.refuseIn(fields));
    if (fields.number("n", 1, 128, 1) != 1 || fields.number("best_of", 1, 128, 1) != 1) {
      throw OpenAiRefusal.unsupported("n", "one answer a request; send the request again");
    }
    for (String penalty : List.of("frequency_penalty", "presence_penalty")) {
      if (fields.thousandths(penalty, -2_000, 2_000, 0) != 0) {
        throw OpenAiRefusal.unsupported(penalty, "is not offered by the models here");
      }
    }
    JsonNode form = fields.body().path("response_format");
    if (fields.has("response_format") && !form.isObject()) {
      throw OpenAiRefusal.of("response_format", "must be an object with a type");
    }
    String format = form.path("type").asText("text");
    if (!format.equals("text")) {
      throw OpenAiRefusal.unsupported("response_format", "only text, not " + format);
    }
  }

  private static List<Message> messages(Fields fields) {
    JsonNode messages = fields.body().path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw OpenAiRefusal.of("messages", "must be a list of at least one message");
    }
    var read = new ArrayList<Message>();
    for (JsonNode message : messages) {
      String field = "messages[" + read.size() + "]";
      read.add(message(field, message));
    }
    return read;
  }

  private static Message message(String field, JsonNode message) {
    String role = message.path("role").asText("");
    try {
      return new Message(
          role.equals("developer") ? "system" : role,
          content(field + ".content", message.path("content")));
    } catch (ProblemException refused) {
      throw OpenAiRefusal.of(field + "." + refused.field(), refused.detail());
    }
  }

  /** A text, or a list of parts of text. */
  private static String content(String field, JsonNode content) {
    if (content.isTextual()) {
      return content.asText();
    }
    if (!content.isArray()) {
      throw OpenAiRefusal.of(field, "must be text, or a list of parts of text");
    }
    var text = new StringBuilder();
    for (JsonNode part : content) {
      if (!part.path("type").asText("").equals("text") || !part.path("text").isTextual()) {
        throw OpenAiRefusal.unsupported(field, "the models here read text alone");
      }
      text.append(part.path("text").asText());
    }
    return text.toString();
  }

  private static String prompt(Fields fields) {
    JsonNode prompt = fields.body().path("prompt");
    if (prompt.isArray() && prompt.size() == 1 && prompt.get(0).isTextual()) {
      return prompt.get(0).asText();
    }
    if (!prompt.isTextual()) {
      throw OpenAiRefusal.of("prompt", "must be one text");
    }
    return prompt.asText();
  }
}
