package xyz.openledger.actors.wire;

import java.util.HashMap;
import java.util.Map;

/** A value of a sealed type: a map of one entry, from the variant's name to the variant. */
final class UnionCodec<T> implements Codec<T> {
  /** One way of being a {@code T}. */
  record Variant(Class<?> type, Codec<?> codec) {}

  private record Named(String name, Codec<Object> codec) {}

  private final String union;
  private final Map<String, Codec<Object>> byName = new HashMap<>();
  private final Map<Class<?>, Named> byType = new HashMap<>();

  /** A union whose variants are still to be {@link #resolve}d: one may contain the union. */
  UnionCodec(String union) {
    this.union = union;
  }

  @SuppressWarnings("unchecked") // each codec is that of its variant's type
  void resolve(Map<String, Variant> variants) {
    variants.forEach(
        (name, variant) -> {
          var codec = (Codec<Object>) variant.codec();
          byName.put(name, codec);
          byType.put(variant.type(), new Named(name, codec));
        });
  }

  @Override
  public void write(CborWriter out, T value) {
    var variant = byType.get(((Object) value).getClass());
    if (variant == null) {
      throw new WireFormatException(
          "%s has no name for %s".formatted(union, ((Object) value).getClass().getName()));
    }
    out.map(1);
    out.text(variant.name());
    variant.codec().write(out, value);
  }

  @Override
  @SuppressWarnings("unchecked") // only variants of T were declared
  public T read(CborReader in) {
    if (in.map() != 1) {
      throw new WireFormatException("expected one variant of " + union);
    }
    var name = in.text();
    var codec = byName.get(name);
    if (codec == null) {
      throw new WireFormatException(
          "%s has no variant %.80s: a newer program wrote it".formatted(union, name));
    }
    var value = (T) codec.read(in);
    in.leave();
    return value;
  }
}
