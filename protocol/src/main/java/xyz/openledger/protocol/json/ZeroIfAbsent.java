package xyz.openledger.protocol.json;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.io.Serial;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An {@code int} that may be left out, and is 0 then. It is always written; null is refused. */
@Retention(RetentionPolicy.RUNTIME)
@Target({
  ElementType.FIELD,
  ElementType.METHOD,
  ElementType.PARAMETER,
  ElementType.RECORD_COMPONENT
})
@JacksonAnnotationsInside
@JsonDeserialize(using = ZeroIfAbsent.Reader.class)
public @interface ZeroIfAbsent {

  /** Reads a whole number. */
  final class Reader extends StdScalarDeserializer<Integer> {
    @Serial private static final long serialVersionUID = 1;

    /** Reads whole numbers that fit 32 bits. */
    public Reader() {
      super(int.class);
    }

    @Override
    public Integer deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return _parseIntPrimitive(in, context);
    }

    @Override
    public Integer getNullValue(DeserializationContext context) throws JsonMappingException {
      _verifyNullForPrimitive(context);
      return 0;
    }

    @Override
    public Integer getAbsentValue(DeserializationContext context) {
      return 0;
    }
  }
}
