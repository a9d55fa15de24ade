package xyz.openledger.cluster.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

/**
 * One question of a batch, as a line of its file. It is held as text: the trees of all lines
 * together may take many times the room of the file.
 *
 * @param customId by which its owner knows it again
 */
public record BatchLine(String customId, String text) {
  /** The most lines of one batch. */
  public static final int LINES_MAX = 10_000;

  /** The longest line: as long as the body of a request may be. */
  public static final int LINE_BYTES_MAX = 1 << 20;

  private static final int ID_MAX = 512;

  /**
   * The lines of a file.
   *
   * @throws OpenAiRefusal naming the line that cannot be asked
   */
  public static List<BatchLine> read(byte[] file, String endpoint) {
    var lines = new ArrayList<BatchLine>();
    Set<String> ids = new HashSet<>();
    int number = 0;
    for (String text : new String(file, StandardCharsets.UTF_8).lines().toList()) {
      number++;
      if (text.isBlank()) {
        continue;
      }
      if (lines.size() == LINES_MAX) {
        throw OpenAiRefusal.of("input_file_id", "has more than %d lines".formatted(LINES_MAX));
      }
      BatchLine line = line(number, text, endpoint);
      if (!ids.add(line.customId())) {
        throw wrong(number, "its custom_id is not unique");
      }
      lines.add(line);
    }
    if (lines.isEmpty()) {
      throw OpenAiRefusal.of("input_file_id", "has no line");
    }
    return lines;
  }

  private static BatchLine line(int number, String text, String endpoint) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > LINE_BYTES_MAX) {
      throw wrong(number, "has more than %d bytes".formatted(LINE_BYTES_MAX));
    }
    JsonNode line;
    try {
      line = Json.tree(bytes);
    } catch (ProblemException malformed) {
      throw wrong(number, "is no JSON");
    }
    String id = line.path("custom_id").asText("");
    if (id.isEmpty() || id.length() > ID_MAX) {
      throw wrong(number, "needs a custom_id of 1 to %d characters".formatted(ID_MAX));
    }
    if (!line.path("method").asText("").equals("POST")
        || !line.path("url").asText("").equals(endpoint)) {
      throw wrong(number, "must POST to " + endpoint + ", as its batch says");
    }
    if (!line.path("body").isObject()) {
      throw wrong(number, "needs a body");
    }
    return new BatchLine(id, text);
  }

  /** What it asks. */
  public JsonNode body() {
    return Json.tree(text.getBytes(StandardCharsets.UTF_8)).path("body");
  }

  private static OpenAiRefusal wrong(int number, String what) {
    return OpenAiRefusal.of("input_file_id", "line %d %s".formatted(number, what));
  }

  /**
   * Its line in the file of answers or of errors.
   *
   * @param key of its job
   * @param answer the body that the same request would have had; absent if it was not asked
   */
  public String result(String key, int status, @Nullable ObjectNode answer) {
    ObjectNode line =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", "batch_req_" + key)
            .put("custom_id", customId);
    if (answer == null) {
      line.putNull("response");
      line.putObject("error")
          .put("code", "batch_cancelled")
          .put("message", "the batch was cancelled before this was asked");
    } else {
      ObjectNode response = line.putObject("response");
      response.put("status_code", status).put("request_id", key);
      response.set("body", answer);
      line.putNull("error");
    }
    return new String(Json.write(line), StandardCharsets.UTF_8) + "\n";
  }
}
