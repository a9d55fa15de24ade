package xyz.openledger.protocol.json;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import java.io.IOException;
import java.io.Serial;
import java.util.Arrays;

/**
 * Reads identifiers and digests from text alone. They are records, which the parser would otherwise
 * read from objects of their components too: two ways to write one thing.
 */
final class TextOnly extends DelegatingDeserializer {
  @Serial private static final long serialVersionUID = 1;

  private TextOnly(JsonDeserializer<?> text) {
    super(text);
  }

  /** Whether texts are read into that type: by a factory method that takes one. */
  static boolean applies(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .anyMatch(
            method ->
                method.isAnnotationPresent(JsonCreator.class)
                    && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class}));
  }

  @Override
  public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
    return in.hasToken(JsonToken.VALUE_STRING)
        ? super.deserialize(in, context)
        : context.handleUnexpectedToken(handledType(), in);
  }

  @Override
  protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> text) {
    return new TextOnly(text);
  }

  /** Puts this in front of every type that it applies to. */
  static final class Modifier extends BeanDeserializerModifier {
    @Serial private static final long serialVersionUID = 1;

    @Override
    public JsonDeserializer<?> modifyDeserializer(
        DeserializationConfig config, BeanDescription type, JsonDeserializer<?> deserializer) {
      return applies(type.getBeanClass()) ? new TextOnly(deserializer) : deserializer;
    }
  }
}
