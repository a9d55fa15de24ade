package xyz.openledger.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.Answer;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.api.ModelView;
import xyz.openledger.protocol.json.Json;

/** Language models that the network serves. */
public final class ModelClient {
  private static final Duration ANSWER_WAIT = Duration.ofSeconds(60);

  private final Exchange exchange;

  ModelClient(Exchange exchange) {
    this.exchange = exchange;
  }

  /** What is served from now on. */
  @Answer
  record Published(List<ModelView> models) {}

  /** The models that are served. */
  public Pages<ModelView> models() {
    return Call.pages(exchange, "/models", "", ModelView.class);
  }

  /** Serves what is stored already, all or none; a repeat changes nothing. */
  public List<ModelView> publish(List<ModelPublication.Named> models) {
    return Call.post(
            exchange, "/models", new ModelPublication(models), Call.newKey(), Published.class)
        .models();
  }

  /** Serves one model from now on. */
  public ModelView publish(String name, Digest manifest) {
    return publish(List.of(new ModelPublication.Named(name, manifest))).getFirst();
  }

  /** Serves a name no more. */
  public ModelView withdraw(String name) {
    var request = exchange.request(Call.BASE + "/models/" + Call.quote(name)).DELETE().build();
    return Answers.read(exchange.json(request), ModelView.class);
  }

  /**
   * Asks one question, as any client of the OpenAI API would.
   *
   * @param policy the name of a policy; absent for the usual one
   * @return {@code chat.completion}, with the job under {@code openledger}
   * @throws ProblemException what the member answered instead
   */
  public JsonNode chat(String model, String question, int tokensMax, @Nullable String policy) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("model", policy == null ? model : model + "@" + policy)
            .put("max_tokens", tokensMax)
            .put("temperature", 0);
    body.putArray("messages").addObject().put("role", "user").put("content", question);
    return chat(body);
  }

  /** The same from the whole body of {@code POST /v1/chat/completions}, without a stream. */
  public JsonNode chat(ObjectNode body) {
    var request =
        exchange
            .request("/v1/chat/completions", ANSWER_WAIT)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", Call.newKey())
            .POST(BodyPublishers.ofByteArray(Json.write(body)))
            .build();
    var response = exchange.sendOnce(request);
    JsonNode answer = Json.tree(response.body());
    if (response.statusCode() != 200) {
      JsonNode error = answer.path("error");
      throw new ProblemException(
          response.statusCode() == 404 ? Problem.NOT_FOUND : Problem.INVALID_REQUEST,
          error.path("param").asText(""),
          error.path("message").asText("the member answered " + response.statusCode()));
    }
    return answer;
  }
}
