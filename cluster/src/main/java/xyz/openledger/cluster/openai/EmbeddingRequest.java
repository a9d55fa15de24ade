package xyz.openledger.cluster.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;

/**
 * Texts whose embeddings a client wants: the state of the served model after each, of length 1.
 *
 * @param base64 whether it reads them as Base64, as the npm client does by itself
 * @param policy the {@code openledger.policy} of the body; absent if none
 */
public record EmbeddingRequest(
    ModelName model, List<InferenceQuestion> asks, boolean base64, @Nullable JsonNode policy) {
  /** The most texts of one request. */
  public static final int TEXTS_MAX = 256;

  /** Reads the body of {@code POST /v1/embeddings}. */
  public static EmbeddingRequest read(JsonNode body) {
    var fields = new Fields(body);
    ModelName model = ModelName.parse(fields.text("model"));
    if (fields.has("dimensions")) {
      throw OpenAiRefusal.unsupported(
          "dimensions", "the models here have embeddings of one length; leave it out");
    }
    String format = fields.has("encoding_format") ? fields.text("encoding_format") : "float";
    if (!format.equals("float") && !format.equals("base64")) {
      throw OpenAiRefusal.of("encoding_format", "must be float or base64");
    }
    JsonNode network = fields.network("policy");
    return new EmbeddingRequest(
        model,
        asks(body.path("input")),
        format.equals("base64"),
        network.hasNonNull("policy") ? network.get("policy") : null);
  }

  private static List<InferenceQuestion> asks(JsonNode input) {
    var texts = new ArrayList<String>();
    if (input.isTextual()) {
      texts.add(input.asText());
    } else if (input.isArray()) {
      for (JsonNode one : input) {
        if (!one.isTextual()) {
          throw OpenAiRefusal.unsupported("input", "texts, not tokens; the node tokenises");
        }
        texts.add(one.asText());
      }
    }
    if (texts.isEmpty() || texts.size() > TEXTS_MAX || texts.contains("")) {
      throw OpenAiRefusal.of(
          "input", "must be a text or 1 to %d of them, none empty".formatted(TEXTS_MAX));
    }
    try {
      return texts.stream().map(InferenceQuestion::embedding).toList();
    } catch (ProblemException refused) {
      throw OpenAiRefusal.of("input", refused.detail());
    }
  }

  /** The answer, in the order of the texts. */
  public ObjectNode answer(String name, List<InferenceAnswer> answers, JobId job) {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    int tokens = 0;
    for (InferenceAnswer answer : answers) {
      ObjectNode one = data.addObject().put("object", "embedding").put("index", data.size() - 1);
      String coded = Objects.requireNonNull(answer.embedding());
      if (base64) {
        one.put("embedding", coded);
      } else {
        var numbers =
            ByteBuffer.wrap(Base64.getDecoder().decode(coded))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        ArrayNode vector = one.putArray("embedding");
        while (numbers.hasRemaining()) {
          vector.add(numbers.get());
        }
      }
      tokens += answer.promptTokens();
    }
    list.put("model", name);
    list.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    list.putObject("openledger").put("job", job.value());
    return list;
  }
}
