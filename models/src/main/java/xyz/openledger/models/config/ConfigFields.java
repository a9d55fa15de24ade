package xyz.openledger.models.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import xyz.openledger.models.files.Refused;

/** The fields of a small JSON file that somebody else wrote: unknown ones are left alone. */
public record ConfigFields(String file, JsonNode root) {
  private static final long BYTES_MAX = 4 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(32)
                          .maxNumberLength(40)
                          .maxStringLength(1 << 20)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Reads a file of at most 4 MiB. */
  public static ConfigFields read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw Refused.because(file.getFileName().toString(), "has more than 4 MiB");
    }
    return read(file.getFileName().toString(), Files.readAllBytes(file));
  }

  /**
   * Reads its bytes.
   *
   * @param file what to call it in a refusal
   */
  public static ConfigFields read(String file, byte[] json) {
    try {
      JsonNode root = MAPPER.readTree(json);
      if (root == null || !root.isObject()) {
        throw Refused.because(file, "is no JSON object");
      }
      return new ConfigFields(file, root);
    } catch (IOException malformed) {
      String message = String.valueOf(malformed.getMessage());
      throw Refused.because(
          file, "is malformed: " + message.lines().findFirst().orElse("").strip());
    }
  }

  /** Whether a field is there and not null. */
  public boolean has(String field) {
    return root.hasNonNull(field);
  }

  /** The fields of an object in it. */
  public ConfigFields within(String field) {
    JsonNode node = root.path(field);
    if (!node.isObject()) {
      throw Refused.because(file + " " + field, "is no object");
    }
    return new ConfigFields(file + " " + field, node);
  }

  /** A whole number that must be there. */
  public int integer(String field) {
    JsonNode node = root.path(field);
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw Refused.because(file + " " + field, "is " + brief(node) + ", not a whole number");
    }
    return node.intValue();
  }

  /** A whole number, or what stands for it. */
  public int integer(String field, int otherwise) {
    return has(field) ? integer(field) : otherwise;
  }

  /** A number that must be there. */
  public double number(String field) {
    JsonNode node = root.path(field);
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw Refused.because(file + " " + field, "is " + brief(node) + ", not a number");
    }
    return node.doubleValue();
  }

  /** A number, or what stands for it. */
  public double number(String field, double otherwise) {
    return has(field) ? number(field) : otherwise;
  }

  /** A truth value, or what stands for it. */
  public boolean flag(String field, boolean otherwise) {
    JsonNode node = root.path(field);
    if (!has(field)) {
      return otherwise;
    }
    if (!node.isBoolean()) {
      throw Refused.because(file + " " + field, "is " + brief(node) + ", not true or false");
    }
    return node.booleanValue();
  }

  /** A text, or what stands for it. */
  public String text(String field, String otherwise) {
    JsonNode node = root.path(field);
    if (!has(field)) {
      return otherwise;
    }
    if (!node.isTextual()) {
      throw Refused.because(file + " " + field, "is " + brief(node) + ", not a text");
    }
    return node.textValue();
  }

  private static String brief(JsonNode node) {
    String text = node.isMissingNode() ? "missing" : node.toString();
    return text.substring(0, Math.min(text.length(), 60));
  }
}
