package xyz.openledger.cluster.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as clients of the OpenAI API expect it: {@code {"error": {message, type, param,
 * code}}}.
 */
public final class OpenAiRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private static final String INVALID = "invalid_request_error";

  private final int status;
  private final String type;
  private final @Nullable String param;
  private final @Nullable String code;

  /** A refusal with all its parts. */
  public OpenAiRefusal(
      int status, String type, @Nullable String param, @Nullable String code, String message) {
    super(message);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
  }

  /** A field of the request is wrong. */
  public static OpenAiRefusal of(String param, String message) {
    return new OpenAiRefusal(400, INVALID, param, "invalid_value", param + " " + message);
  }

  /** A field asks for what is not offered here. */
  public static OpenAiRefusal unsupported(String param, String message) {
    return new OpenAiRefusal(
        400, INVALID, param, "unsupported_parameter", "%s: %s".formatted(param, message));
  }

  /** No model of that name is served. */
  public static OpenAiRefusal noModel(String name) {
    return new OpenAiRefusal(
        404,
        INVALID,
        "model",
        "model_not_found",
        "The model '%s' does not exist here; GET /v1/models lists those that do".formatted(name));
  }

  /** A member's refusal in the words of this API. */
  public static OpenAiRefusal of(int status, String code, @Nullable String field, String detail) {
    return switch (status) {
      case 401 -> new OpenAiRefusal(401, INVALID, null, "invalid_api_key", detail);
      case 402 -> new OpenAiRefusal(429, "insufficient_quota", field, "insufficient_quota", detail);
      case 403 -> new OpenAiRefusal(403, "permission_error", field, code, detail);
      case 429 -> new OpenAiRefusal(429, "rate_limit_error", field, "rate_limit_exceeded", detail);
      default ->
          new OpenAiRefusal(status, status >= 500 ? "server_error" : INVALID, field, code, detail);
    };
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** Whether it is about a job that was begun. */
  public boolean endsItsJob() {
    return code != null && (code.equals("still_running") || code.startsWith("job_"));
  }

  /** The body. */
  public ObjectNode body() {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("message", getMessage()).put("type", type).put("param", param).put("code", code);
    return JsonNodeFactory.instance.objectNode().set("error", error);
  }
}
