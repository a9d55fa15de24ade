package xyz.openledger.actors.wire;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes a value in the form of another type, for example an identifier as its text. */
final class FormCodec implements Codec<Object> {
  private final Function<Object, Object> toForm;
  private final Function<Object, Object> fromForm;
  private @Nullable Codec<Object> form;

  FormCodec(Function<Object, Object> toForm, Function<Object, Object> fromForm) {
    this.toForm = toForm;
    this.fromForm = fromForm;
  }

  @SuppressWarnings("unchecked") // the codec is that of the form's type
  void resolve(Codec<?> codec) {
    form = (Codec<Object>) codec;
  }

  private Codec<Object> form() {
    if (form == null) {
      throw new IllegalStateException("not resolved yet");
    }
    return form;
  }

  @Override
  public void write(CborWriter out, Object value) {
    form().write(out, toForm.apply(value));
  }

  @Override
  public Object read(CborReader in) {
    var written = form().read(in);
    try {
      return fromForm.apply(written);
    } catch (RuntimeException refusal) {
      throw new WireFormatException(String.valueOf(refusal.getMessage()), refusal);
    }
  }
}
