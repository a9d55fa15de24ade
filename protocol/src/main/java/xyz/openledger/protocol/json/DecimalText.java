package xyz.openledger.protocol.json;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * A {@code long} that may pass 2^53 (money, fuel) and therefore travels as decimal text. A JSON
 * integer is read too, since people write small amounts so; it is always written as text.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({
  ElementType.FIELD,
  ElementType.METHOD,
  ElementType.PARAMETER,
  ElementType.RECORD_COMPONENT
})
@JacksonAnnotationsInside
@JsonSerialize(using = DecimalText.Writer.class)
@JsonDeserialize(using = DecimalText.Reader.class)
public @interface DecimalText {

  /** Writes the number as text. */
  final class Writer extends JsonSerializer<Long> {
    @Override
    public void serialize(Long value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(Long.toString(value));
    }
  }

  /**
   * Reads text or an integer; refuses signs, spaces, leading zeros and what does not fit 63 bits.
   */
  final class Reader extends JsonDeserializer<Long> implements ContextualDeserializer {
    private static final Pattern FORM = Pattern.compile("0|[1-9][0-9]{0,18}");

    private final String field;
    private final boolean optional;

    /** Reads a number of no name; {@link #createContextual} gives it one. */
    public Reader() {
      this("", false);
    }

    private Reader(String field, boolean optional) {
      this.field = field;
      this.optional = optional;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property) {
      return property == null
          ? this
          : new Reader(property.getName(), !property.getType().isPrimitive());
    }

    @Override
    public Long deserialize(JsonParser in, DeserializationContext context) throws IOException {
      if (in.currentToken() == JsonToken.VALUE_NUMBER_INT
          || in.currentToken() == JsonToken.VALUE_STRING) {
        String text = in.getText();
        if (FORM.matcher(text).matches()) {
          try {
            return Long.parseLong(text);
          } catch (NumberFormatException over) {
            throw refused(text);
          }
        }
      }
      throw refused(in.getText());
    }

    @Override
    public @Nullable Long getNullValue(DeserializationContext context) {
      return optional ? null : refuse("");
    }

    /** A number that is missing is no zero. Nobody else knows its name then. */
    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return optional ? null : refuse(field);
    }

    private static Long refuse(String field) {
      throw new ProblemException(
          Problem.INVALID_REQUEST, field, "is missing; expected a whole number as text");
    }

    private static ProblemException refused(String text) {
      return new ProblemException(
          Problem.INVALID_REQUEST,
          "",
          "expected a whole number from 0 to 9223372036854775807 as text, got "
              + text.substring(0, Math.min(80, text.length())));
    }
  }
}
