package xyz.openledger.protocol.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * Reads records strictly and writes them canonically.
 *
 * <p>Reading refuses what it does not know: unknown and repeated fields, a number for a text, a
 * fraction for an integer, null where a record has none, nesting over 32 levels, a text over 1 MiB.
 * Each refusal names the field's path.
 */
public final class Json {
  private static final int NESTING_MAX = 32;
  private static final int TEXT_MAX = 1 << 20;
  private static final int NUMBER_DIGITS_MAX = 20;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(NESTING_MAX)
                          .maxStringLength(TEXT_MAX)
                          .maxNumberLength(NUMBER_DIGITS_MAX)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
              DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .annotationIntrospector(new NullMarkedRecords())
          .addModule(StrictText.module())
          .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private Json() {}

  /**
   * Reads one JSON document into a record.
   *
   * @throws ProblemException {@code invalid-request} with the field's path, or whatever the record
   *     itself refuses with
   */
  public static <T> T read(byte[] json, Class<T> type) {
    try {
      return present(MAPPER.readValue(json, type), type);
    } catch (JsonMappingException refused) {
      throw Refusals.of(refused);
    } catch (JsonProcessingException malformed) {
      throw Refusals.of(malformed);
    } catch (IOException undecodable) {
      // By its first bytes it is taken for UTF-16 or UTF-32, and is neither.
      throw new ProblemException(Problem.INVALID_REQUEST, "", "is no text in UTF-8");
    }
  }

  /** Reads one JSON document from text; see {@link #read(byte[], Class)}. */
  public static <T> T read(String json, Class<T> type) {
    return read(json.getBytes(StandardCharsets.UTF_8), type);
  }

  /** Turns a tree into a record; see {@link #read(byte[], Class)}. */
  public static <T> T read(JsonNode json, Class<T> type) {
    try {
      return present(MAPPER.treeToValue(json, type), type);
    } catch (JsonMappingException refused) {
      throw Refusals.of(refused);
    } catch (JsonProcessingException malformed) {
      throw Refusals.of(malformed);
    }
  }

  /** Reads any one JSON document as a tree. */
  public static JsonNode tree(byte[] json) {
    return read(json, JsonNode.class);
  }

  /** Turns a record into a tree. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /**
   * The RFC 8785 form of a value, as UTF-8: what we hash and sign. Fractions are refused, we have
   * none.
   */
  public static byte[] canonical(Object value) {
    return Canonical.bytes(value instanceof JsonNode node ? node : tree(value));
  }

  /** Compact JSON for answers; fields in the order in which the record declares them. */
  public static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException impossible) {
      throw new AssertionError("our records can be written", impossible);
    }
  }

  /** Indented JSON for people. */
  public static String pretty(Object value) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new AssertionError("our records can be written", impossible);
    }
  }

  private static <T> T present(@Nullable T value, Class<T> type) {
    if (value == null) {
      throw new ProblemException(Problem.INVALID_REQUEST, "", "null is no " + type.getSimpleName());
    }
    return value;
  }
}
