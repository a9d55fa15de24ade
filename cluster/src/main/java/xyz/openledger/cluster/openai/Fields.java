package xyz.openledger.cluster.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** The fields of a request's body, read leniently where that API is, and never past a range. */
record Fields(JsonNode body) {
  Fields {
    if (!body.isObject()) {
      throw OpenAiRefusal.of("body", "must be a JSON object");
    }
  }

  boolean has(String name) {
    return body.hasNonNull(name);
  }

  /** Whether a field is there and not one of the forms of nothing. */
  boolean asksFor(String name) {
    JsonNode value = body.path(name);
    return !(value.isMissingNode()
        || value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isBoolean() && !value.asBoolean()));
  }

  String text(String name) {
    JsonNode value = body.path(name);
    if (!value.isTextual() || value.asText().isEmpty()) {
      throw OpenAiRefusal.of(name, "is missing");
    }
    return value.asText();
  }

  boolean flag(String name) {
    JsonNode value = body.path(name);
    if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
      throw OpenAiRefusal.of(name, "must be true or false");
    }
    return value.asBoolean(false);
  }

  int number(String name, int min, int max, int otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    long value = wholeNumber(name);
    if (value < min || value > max) {
      throw OpenAiRefusal.of(name, "must be from %d to %d".formatted(min, max));
    }
    return (int) value;
  }

  long wholeNumber(String name) {
    JsonNode value = body.path(name);
    if (!value.canConvertToLong() || !value.isIntegralNumber()) {
      throw OpenAiRefusal.of(name, "must be a whole number");
    }
    return value.asLong();
  }

  /** A fraction such as {@code 0.7}, in thousandths: what is hashed holds no fractions. */
  int thousandths(String name, int min, int max, int otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    JsonNode value = body.path(name);
    boolean finite = value.isNumber() && Double.isFinite(value.doubleValue());
    BigDecimal scaled = finite ? value.decimalValue().movePointRight(3) : null;
    if (scaled == null
        || scaled.compareTo(BigDecimal.valueOf(min)) < 0
        || scaled.compareTo(BigDecimal.valueOf(max)) > 0) {
      throw OpenAiRefusal.of(
          name, "must be a number from %s to %s".formatted(min / 1000.0, max / 1000.0));
    }
    return scaled.setScale(0, RoundingMode.HALF_EVEN).intValueExact();
  }

  /**
   * What stands under {@code openledger}: fields of this network, of which none is passed over,
   * since one that was mistyped may decide what is paid.
   *
   * @return an object; a missing node if there is none
   */
  JsonNode network(String... known) {
    JsonNode network = body.path("openledger");
    if (network.isMissingNode() || network.isNull()) {
      return MissingNode.getInstance();
    }
    if (!network.isObject()) {
      throw OpenAiRefusal.of("openledger", "must be an object");
    }
    List<String> names = List.of(known);
    for (String name : (Iterable<String>) network::fieldNames) {
      if (!names.contains(name)) {
        throw OpenAiRefusal.of(
            "openledger." + name, "is not known; known are " + String.join(", ", names));
      }
    }
    return network;
  }

  /** One text, several, or none. */
  List<String> texts(String name) {
    JsonNode value = body.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (value.isTextual()) {
      return List.of(value.asText());
    }
    if (!value.isArray()) {
      throw OpenAiRefusal.of(name, "must be a text or a list of texts");
    }
    var texts = new ArrayList<String>();
    for (JsonNode one : value) {
      if (!one.isTextual()) {
        throw OpenAiRefusal.of(name, "must be a text or a list of texts");
      }
      texts.add(one.asText());
    }
    return texts;
  }
}
