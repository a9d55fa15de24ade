package xyz.openledger.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * RFC 8785 (JSON Canonicalization Scheme) for the JSON that we have: objects, arrays, texts,
 * booleans, null, and integers up to 2^53 - 1. Names are sorted by their UTF-16 code units, which
 * is how Java compares strings.
 */
final class Canonical {
  private static final long EXACT_MAX = (1L << 53) - 1;

  private final StringBuilder out = new StringBuilder(1_024);

  private Canonical() {}

  static byte[] bytes(JsonNode node) {
    var canonical = new Canonical();
    canonical.write(node);
    return canonical.out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void write(JsonNode node) {
    switch (node.getNodeType()) {
      case OBJECT -> object(node);
      case ARRAY -> array(node);
      case STRING -> text(node.textValue());
      case BOOLEAN, NULL -> out.append(node.asText());
      case NUMBER -> number(node);
      default -> throw new IllegalArgumentException("no canonical form: " + node.getNodeType());
    }
  }

  private void object(JsonNode node) {
    var sorted = new TreeMap<String, JsonNode>();
    node.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    out.append('{');
    String separator = "";
    for (var entry : sorted.entrySet()) {
      out.append(separator);
      text(entry.getKey());
      out.append(':');
      write(entry.getValue());
      separator = ",";
    }
    out.append('}');
  }

  private void array(JsonNode node) {
    out.append('[');
    String separator = "";
    for (JsonNode element : node) {
      out.append(separator);
      write(element);
      separator = ",";
    }
    out.append(']');
  }

  private void number(JsonNode node) {
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.longValue() > EXACT_MAX
        || node.longValue() < -EXACT_MAX) {
      throw new ProblemException(
          Problem.INVALID_REQUEST,
          "",
          "only integers up to 2^53 - 1 are hashed as numbers; write " + node + " as text");
    }
    out.append(node.longValue());
  }

  private void text(String text) {
    StrictText.wellFormed(text);
    out.append('"');
    int plain = plain(text);
    out.append(text, 0, plain);
    for (int i = plain; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** How many characters at its beginning stand for themselves: in most texts all of them. */
  private static int plain(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\') {
        return i;
      }
    }
    return length;
  }
}
