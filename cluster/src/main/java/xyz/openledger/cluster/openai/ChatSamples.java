package xyz.openledger.cluster.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.training.TuningData;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;

/**
 * What is learnt from a file in the OpenAI API's form, as the nodes of this network read it: a line
 * for each line, so that whoever refuses a line later means the one in the file.
 *
 * @param lines JSON, a sample each; empty where the file's line is
 * @param count how many samples there are
 */
public record ChatSamples(byte[] lines, int count) {
  /** The most samples of a file to learn from. */
  public static final int SAMPLES_MAX = 100_000;

  /** Reads a file to learn from; refuses it with the line and the field that are wrong. */
  public static ChatSamples read(byte[] file) {
    return new Reader("training", false).samples(file);
  }

  /** Reads a file that only tells the loss: its samples are marked so. */
  public static ChatSamples readHeldBack(byte[] file) {
    return new Reader("validation", true).samples(file);
  }

  /**
   * With those of another file behind: what nodes say of a line there counts on from the last one
   * here.
   *
   * @return the lines of both, and how many samples are to be learnt from
   */
  public ChatSamples with(ChatSamples heldBack) {
    var both = Arrays.copyOf(lines, lines.length + heldBack.lines.length);
    System.arraycopy(heldBack.lines, 0, both, lines.length, heldBack.lines.length);
    return new ChatSamples(both, count);
  }

  /**
   * Reads files of a kind.
   *
   * @param kind as OpenAI's fields call it
   */
  private record Reader(String kind, boolean heldBack) {
    ChatSamples samples(byte[] file) {
      List<String> lines = text(file).lines().toList();
      var samples = new ByteArrayOutputStream(file.length);
      int count = 0;
      for (int i = 0; i < lines.size(); i++) {
        if (!lines.get(i).isBlank()) {
          ObjectNode sample = new Line(this, i + 1).sample(lines.get(i));
          if (heldBack) {
            sample.put("heldBack", true);
          }
          samples.writeBytes(Json.write(sample));
          count++;
        }
        samples.write('\n');
      }
      int most = heldBack ? TuningData.HELD_BACK_MAX : SAMPLES_MAX;
      if (count == 0 || count > most) {
        throw refusal("holds %d samples; there may be 1 to %d, one a line".formatted(count, most));
      }
      return new ChatSamples(samples.toByteArray(), count);
    }

    private String text(byte[] file) {
      try {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(file)).toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
      } catch (CharacterCodingException notText) {
        throw refusal("is no text in UTF-8");
      }
    }

    OpenAiRefusal refusal(String what) {
      return new OpenAiRefusal(
          400,
          "invalid_request_error",
          kind + "_file",
          "invalid_" + kind + "_file",
          "The " + kind + " file " + what);
    }
  }

  /** One line of the file, the first being 1. */
  private record Line(Reader reader, int number) {
    ObjectNode sample(String line) {
      JsonNode given;
      try {
        given = Json.tree(line.getBytes(StandardCharsets.UTF_8));
      } catch (ProblemException malformed) {
        throw wrong("", "is no JSON: " + malformed.detail());
      }
      for (String field : List.of("tools", "functions")) {
        if (!given.path(field).isEmpty()) {
          throw wrong(field, "is not offered; models here call no tools");
        }
      }
      if (given.has("preferred_output")) {
        throw wrong("preferred_output", "is not offered; only supervised training is");
      }
      ObjectNode sample = JsonNodeFactory.instance.objectNode();
      if (!given.has("messages") && given.has("prompt")) {
        return sample
            .put("prompt", text(given.path("prompt"), "prompt"))
            .put("completion", text(given.path("completion"), "completion"));
      }
      messages(given.path("messages"), sample.putArray("messages"));
      return sample;
    }

    private void messages(JsonNode given, ArrayNode messages) {
      if (!given.isArray() || given.isEmpty()) {
        throw wrong("messages", "must be a list of messages");
      }
      boolean learnt = false;
      for (int i = 0; i < given.size(); i++) {
        String at = "messages[" + i + "]";
        JsonNode message = given.get(i);
        for (String field : List.of("tool_calls", "function_call")) {
          if (message.hasNonNull(field)) {
            throw wrong(at + "." + field, "is not offered; models here call no tools");
          }
        }
        String role = role(message.path("role"), at + ".role");
        Integer weight = weight(message.path("weight"), at + ".weight");
        ObjectNode read =
            messages
                .addObject()
                .put("role", role)
                .put("content", content(message.path("content"), at + ".content"));
        if (weight != null) {
          read.put("weight", weight);
        }
        learnt |= role.equals("assistant") && (weight == null || weight == 1);
      }
      if (!learnt) {
        throw wrong("messages", "hold nothing to learn: no message of the assistant");
      }
    }

    private String role(JsonNode given, String at) {
      String role = text(given, at);
      return switch (role) {
        case "system", "user", "assistant" -> role;
        case "developer" -> "system";
        default -> throw wrong(at, "is not one of system, developer, user and assistant");
      };
    }

    private @Nullable Integer weight(JsonNode given, String at) {
      if (given.isMissingNode() || given.isNull()) {
        return null;
      }
      if (!given.isInt() || given.intValue() < 0 || given.intValue() > 1) {
        throw wrong(at, "must be 0 or 1");
      }
      return given.intValue();
    }

    private String content(JsonNode given, String at) {
      if (!given.isArray()) {
        return text(given, at);
      }
      var text = new StringBuilder();
      for (int i = 0; i < given.size(); i++) {
        JsonNode part = given.get(i);
        if (!part.path("type").asText().equals("text")) {
          throw wrong(at + "[" + i + "].type", "must be text; models here read nothing else");
        }
        text.append(text(part.path("text"), at + "[" + i + "].text"));
      }
      return text.toString();
    }

    private String text(JsonNode given, String at) {
      if (!given.isTextual()) {
        throw wrong(at, given.isMissingNode() ? "is missing" : "must be a text");
      }
      return given.textValue();
    }

    private OpenAiRefusal wrong(String field, String what) {
      return reader.refusal(
          "is refused: line %d%s %s".formatted(number, field.isEmpty() ? "" : ", " + field, what));
    }
  }
}
