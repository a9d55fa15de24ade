package xyz.openledger.cluster.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Checks a JSON value against the part of JSON Schema that {@code openapi.yaml} uses, and more
 * strictly: a field that the schema does not name is an error too.
 */
final class SchemaChecker {
  private static final List<String> KNOWN =
      List.of(
          "$ref",
          "additionalProperties",
          "anyOf",
          "default",
          "description",
          "enum",
          "items",
          "maxItems",
          "maxLength",
          "maxProperties",
          "maximum",
          "minItems",
          "minProperties",
          "minimum",
          "multipleOf",
          "pattern",
          "properties",
          "required",
          "type");

  private final Map<?, ?> document;
  private final List<String> errors = new ArrayList<>();

  SchemaChecker(Map<?, ?> document) {
    this.document = document;
  }

  /** All that does not fit; empty if it does. */
  static List<String> errors(Map<?, ?> document, Object schema, JsonNode value) {
    var checker = new SchemaChecker(document);
    checker.check("$", (Map<?, ?>) schema, value);
    return checker.errors;
  }

  /** What stands under a key that must be there. */
  static Object present(Map<?, ?> holder, String key) {
    return Objects.requireNonNull(holder.get(key), key);
  }

  /** Follows {@code $ref} as far as it goes. */
  static Map<?, ?> resolve(Map<?, ?> document, Map<?, ?> node) {
    Object ref = node.get("$ref");
    if (ref == null) {
      return node;
    }
    Map<?, ?> found = document;
    for (String step : ref.toString().substring(2).split("/", -1)) {
      found = (Map<?, ?>) found.get(step);
      if (found == null) {
        throw new IllegalStateException(ref + " leads nowhere");
      }
    }
    return resolve(document, found);
  }

  private void check(String path, Map<?, ?> reference, JsonNode value) {
    Map<?, ?> schema = resolve(document, reference);
    for (Object key : schema.keySet()) {
      if (!KNOWN.contains(key.toString())) {
        throw new IllegalStateException(path + ": this checker does not know " + key);
      }
    }
    if (schema.get("anyOf") instanceof List<?> choices) {
      boolean fits = choices.stream().anyMatch(choice -> errors(document, choice, value).isEmpty());
      require(fits, path, "fits none of its forms: " + value);
      return;
    }
    switch (String.valueOf(schema.get("type"))) {
      case "object" -> object(path, schema, value);
      case "array" -> array(path, schema, value);
      case "string" -> text(path, schema, value);
      case "integer" -> integer(path, schema, value);
      case "number" -> require(value.isNumber(), path, "is no number: " + value);
      case "null" -> require(value.isNull(), path, "is not null: " + value);
      case "boolean" -> require(value.isBoolean(), path, "is no boolean: " + value);
      default -> throw new IllegalStateException(path + " has no type");
    }
  }

  private void object(String path, Map<?, ?> schema, JsonNode value) {
    if (!require(value.isObject(), path, "is no object: " + value)) {
      return;
    }
    require(
        value.size() >= number(schema, "minProperties", 0)
            && value.size() <= number(schema, "maxProperties", Long.MAX_VALUE),
        path,
        "has %d fields".formatted(value.size()));
    Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> known ? known : Map.of();
    if (schema.get("required") instanceof List<?> required) {
      required.forEach(name -> require(value.has(name.toString()), path, "lacks " + name));
    }
    value
        .properties()
        .forEach(
            field -> {
              String inner = path + "." + field.getKey();
              Object rest = schema.get("additionalProperties");
              if (properties.get(field.getKey()) instanceof Map<?, ?> property) {
                check(inner, property, field.getValue());
              } else if (rest instanceof Map<?, ?> other) {
                check(inner, other, field.getValue());
              } else {
                require(Boolean.TRUE.equals(rest), inner, "is not documented");
              }
            });
  }

  private void array(String path, Map<?, ?> schema, JsonNode value) {
    if (!require(value.isArray(), path, "is no array: " + value)) {
      return;
    }
    require(value.size() <= number(schema, "maxItems", Long.MAX_VALUE), path, "is too long");
    require(value.size() >= number(schema, "minItems", 0), path, "is too short");
    Map<?, ?> items = (Map<?, ?>) present(schema, "items");
    for (int i = 0; i < value.size(); i++) {
      check(path + "[" + i + "]", items, value.get(i));
    }
  }

  private void text(String path, Map<?, ?> schema, JsonNode value) {
    if (!require(value.isTextual(), path, "is no text: " + value)) {
      return;
    }
    String text = value.textValue();
    require(text.length() <= number(schema, "maxLength", Long.MAX_VALUE), path, "is too long");
    if (schema.get("pattern") instanceof String pattern) {
      require(Pattern.compile(pattern).matcher(text).find(), path, "does not fit " + pattern);
    }
    if (schema.get("enum") instanceof List<?> words) {
      require(words.contains(text), path, text + " is none of " + words);
    }
  }

  private void integer(String path, Map<?, ?> schema, JsonNode value) {
    if (!require(value.isIntegralNumber(), path, "is no integer: " + value)) {
      return;
    }
    long number = value.longValue();
    require(number >= number(schema, "minimum", Long.MIN_VALUE), path, "is too small: " + number);
    require(number <= number(schema, "maximum", Long.MAX_VALUE), path, "is too large: " + number);
    require(number % number(schema, "multipleOf", 1) == 0, path, "is no multiple: " + number);
    if (schema.get("enum") instanceof List<?> numbers) {
      require(numbers.contains((int) number), path, number + " is none of " + numbers);
    }
  }

  private static long number(Map<?, ?> schema, String key, long otherwise) {
    return schema.get(key) instanceof Number number ? number.longValue() : otherwise;
  }

  private boolean require(boolean holds, String path, String error) {
    if (!holds) {
      errors.add(path + " " + error);
    }
    return holds;
  }
}
