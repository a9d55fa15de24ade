package xyz.openledger.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.Serial;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * Reads text from JSON texts alone, not from numbers, and only what UTF-8 can write: half of a
 * surrogate pair would be hashed as a question mark, so two documents would share a digest.
 */
final class StrictText extends StdScalarDeserializer<String> {
  @Serial private static final long serialVersionUID = 1;

  private StrictText() {
    super(String.class);
  }

  /** Reads all texts and names so. */
  static SimpleModule module() {
    return new SimpleModule("strict-text")
        .addDeserializer(String.class, new StrictText())
        .addKeyDeserializer(String.class, new Name())
        .setDeserializerModifier(new TextOnly.Modifier());
  }

  @Override
  public String deserialize(JsonParser in, DeserializationContext context) throws IOException {
    if (!in.hasToken(JsonToken.VALUE_STRING)) {
      return (String) context.handleUnexpectedToken(String.class, in);
    }
    return wellFormed(in.getText());
  }

  /** Answers {@code text} if every surrogate in it has its other half. */
  static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw new ProblemException(
            Problem.INVALID_REQUEST,
            "",
            "half of a surrogate pair (\\u%04x) at position %d".formatted((int) c, i));
      }
    }
    return text;
  }

  private static final class Name extends KeyDeserializer {
    @Override
    public Object deserializeKey(String name, DeserializationContext context) {
      return wellFormed(name);
    }
  }
}
