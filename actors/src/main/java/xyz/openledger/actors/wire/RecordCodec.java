package xyz.openledger.actors.wire;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A record as a CBOR map from field names to values, in the order of its declaration. A null and an
 * empty {@link Optional} are left out.
 *
 * <p>A field that is missing takes the default that was declared when it was added; a nullable or
 * optional one is absent. A field that is unknown was written by a newer program, which this one
 * must not pretend to understand, and is refused.
 */
final class RecordCodec<R> implements Codec<R> {
  @SuppressWarnings("ArrayRecordComponent") // made once, never compared
  private record Field(
      String name,
      byte[] nameBytes,
      MethodHandle get,
      Codec<Object> codec,
      boolean optional,
      boolean mayBeAbsent,
      @Nullable Object absent) {}

  private final Class<R> type;
  private final MethodHandle create;
  private Field[] fields = {};
  private Map<String, Integer> places = Map.of();

  private RecordCodec(Class<R> type, MethodHandle create) {
    this.type = type;
    this.create = create;
  }

  /** A codec whose fields are still to be {@link #resolve}d: a record may contain its own kind. */
  static <R> RecordCodec<R> of(Class<R> type) {
    var components = type.getRecordComponents();
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var create =
          MethodHandles.privateLookupIn(type, MethodHandles.lookup())
              .findConstructor(type, methodType(void.class, types))
              .asSpreader(Object[].class, components.length)
              .asType(methodType(Object.class, Object[].class));
      return new RecordCodec<>(type, create);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError(type + " has no canonical constructor", impossible);
    }
  }

  /**
   * Finds out how each field is written.
   *
   * @param codecs the codec of a component's type, optional ones without their {@code Optional}
   * @param defaults values of fields that were added later
   */
  void resolve(Function<RecordComponent, Codec<?>> codecs, Map<String, Object> defaults) {
    var components = type.getRecordComponents();
    var resolved = new Field[components.length];
    var placed = new HashMap<String, Integer>();
    for (int i = 0; i < components.length; i++) {
      var name = components[i].getName();
      resolved[i] = field(components[i], codecs.apply(components[i]), defaults.get(name));
      placed.put(name, i);
    }
    for (var name : defaults.keySet()) {
      if (!placed.containsKey(name)) {
        throw new IllegalArgumentException(type.getName() + " has no field " + name);
      }
    }
    fields = resolved;
    places = Map.copyOf(placed);
  }

  @SuppressWarnings("unchecked") // the codec is that of the component's type
  private Field field(RecordComponent component, Codec<?> codec, @Nullable Object declaredDefault) {
    boolean optional = component.getType() == Optional.class;
    boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    requireFits(component, declaredDefault);
    var out = new CborWriter();
    out.text(component.getName());
    try {
      var get =
          MethodHandles.privateLookupIn(type, MethodHandles.lookup())
              .unreflect(component.getAccessor())
              .asType(methodType(Object.class, Object.class));
      return new Field(
          component.getName(),
          out.toBytes(),
          get,
          (Codec<Object>) codec,
          optional,
          optional || nullable || declaredDefault != null,
          declaredDefault == null && optional ? Optional.empty() : declaredDefault);
    } catch (IllegalAccessException impossible) {
      throw new LinkageError(component + " cannot be read", impossible);
    }
  }

  private void requireFits(RecordComponent component, @Nullable Object declaredDefault) {
    var boxed = methodType(component.getType()).wrap().returnType();
    if (declaredDefault != null && !boxed.isInstance(declaredDefault)) {
      throw new IllegalArgumentException(
          "the default of %s.%s is %s, not a %s"
              .formatted(
                  type.getName(), component.getName(), declaredDefault, boxed.getSimpleName()));
    }
  }

  @Override
  public void write(CborWriter out, R value) {
    var values = new @Nullable Object[fields.length];
    int present = 0;
    for (int i = 0; i < fields.length; i++) {
      values[i] = get(fields[i], value);
      present += values[i] == null ? 0 : 1;
    }
    out.map(present);
    for (int i = 0; i < fields.length; i++) {
      var fieldValue = values[i];
      if (fieldValue != null) {
        out.raw(fields[i].nameBytes());
        write(out, fields[i], fieldValue);
      }
    }
  }

  private @Nullable Object get(Field field, R record) {
    try {
      Object value = (Object) field.get().invokeExact((Object) record);
      if (value == null && !field.mayBeAbsent()) {
        throw new WireFormatException(type.getSimpleName() + ": " + field.name() + " is null");
      }
      return field.optional() && value != null ? ((Optional<?>) value).orElse(null) : value;
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError("an accessor declares nothing", impossible);
    }
  }

  private static void write(CborWriter out, Field field, Object value) {
    try {
      field.codec().write(out, value);
    } catch (WireFormatException failure) {
      throw failure.within(field.name());
    }
  }

  @Override
  public R read(CborReader in) {
    var values = new @Nullable Object[fields.length];
    int size = in.map();
    for (int i = 0; i < size; i++) {
      int place = place(in, i);
      if (values[place] != null) {
        throw new WireFormatException("the field " + fields[place].name() + " occurs twice");
      }
      values[place] = read(in, fields[place]);
    }
    in.leave();
    for (int i = 0; i < fields.length; i++) {
      if (values[i] == null) {
        values[i] = absent(fields[i]);
      }
    }
    return create(values);
  }

  /** Which field comes next: mostly the one at the same place. */
  private int place(CborReader in, int expected) {
    if (expected < fields.length && in.skip(fields[expected].nameBytes())) {
      return expected;
    }
    var name = in.text();
    var place = places.get(name);
    if (place == null) {
      throw new WireFormatException(
          "%s has no field %.80s: a newer program wrote it".formatted(type.getSimpleName(), name));
    }
    return place;
  }

  private static Object read(CborReader in, Field field) {
    try {
      var value = field.codec().read(in);
      return field.optional() ? Optional.of(value) : value;
    } catch (WireFormatException failure) {
      throw failure.within(field.name());
    }
  }

  private @Nullable Object absent(Field field) {
    if (!field.mayBeAbsent()) {
      throw new WireFormatException(
          "%s: %s is missing and has no default".formatted(type.getSimpleName(), field.name()));
    }
    return field.absent();
  }

  private R create(@Nullable Object[] values) {
    try {
      return type.cast((Object) create.invokeExact(values));
    } catch (Error failure) {
      throw failure;
    } catch (Throwable refusal) {
      throw new WireFormatException(
          type.getSimpleName() + " refuses its fields: " + refusal.getMessage(), refusal);
    }
  }
}
