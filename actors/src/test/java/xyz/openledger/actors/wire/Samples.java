package xyz.openledger.actors.wire;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Makes one value of a type, always the same: every field present, every collection with an
 * element, a list of a sealed type with one of each. A record that accepts only certain values is
 * given whole.
 */
final class Samples {
  private static final Map<Class<?>, Object> PLAIN =
      Map.ofEntries(
          Map.entry(boolean.class, true),
          Map.entry(Boolean.class, true),
          Map.entry(byte.class, (byte) 1),
          Map.entry(short.class, (short) 2),
          Map.entry(int.class, 3),
          Map.entry(Integer.class, 3),
          Map.entry(long.class, 4L),
          Map.entry(Long.class, 4L),
          Map.entry(double.class, 0.5),
          Map.entry(Double.class, 0.5),
          Map.entry(byte[].class, new byte[] {1, 2, 3}),
          Map.entry(BigInteger.class, BigInteger.TEN),
          Map.entry(Instant.class, Instant.ofEpochSecond(1_795_000_000)),
          Map.entry(Duration.class, Duration.ofSeconds(6)));

  private final Map<Class<?>, Object> given = new HashMap<>(PLAIN);

  /** The same as the value of a type that it is one of. */
  <T> Samples with(Class<T> type, T value) {
    given.put(type, value);
    return with(value);
  }

  /** Uses this value wherever one of its class is needed. */
  Samples with(Object value) {
    given.put(value.getClass(), value);
    return this;
  }

  /**
   * The value of a class.
   *
   * @throws AssertionError when a record refuses what was made up: give one
   */
  Object of(Class<?> type) {
    return value(type, type.getSimpleName());
  }

  private Object value(Type type, String name) {
    return switch (type) {
      case Class<?> plain -> value(plain, name);
      case ParameterizedType generic -> collection(generic, name);
      default -> throw new AssertionError("no sample of " + type);
    };
  }

  private Object value(Class<?> type, String name) {
    var known = given.get(type);
    if (known != null) {
      return known;
    } else if (type == String.class) {
      return name;
    } else if (type.isEnum()) {
      return type.getEnumConstants()[type.getEnumConstants().length - 1];
    } else if (type.isSealed()) {
      return variants(type).findFirst().orElseThrow();
    } else if (type.isRecord()) {
      return record(type);
    }
    throw new AssertionError("no sample of " + type + ": give one");
  }

  private Stream<Object> variants(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .sorted(Comparator.comparing(Class::getName))
        .map(this::of);
  }

  private Object collection(ParameterizedType type, String name) {
    var of = type.getActualTypeArguments();
    var raw = (Class<?>) type.getRawType();
    if (raw == List.class && of[0] instanceof Class<?> one && one.isSealed()) {
      return variants(one).toList();
    }
    var first = value(of[0], name);
    if (raw == Optional.class) {
      return Optional.of(first);
    } else if (raw == List.class) {
      return List.of(first);
    } else if (raw == Set.class) {
      return Set.of(first);
    } else if (raw == SortedSet.class) {
      return new TreeSet<>(List.of(first));
    } else if (raw == Map.class) {
      return Map.of(first, value(of[1], name));
    } else if (raw == SortedMap.class) {
      return new TreeMap<>(Map.of(first, value(of[1], name)));
    }
    throw new AssertionError("no sample of " + type);
  }

  private Object record(Class<?> type) {
    var components = type.getRecordComponents();
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    var values =
        Arrays.stream(components)
            .map(component -> value(component.getGenericType(), component.getName()))
            .toArray();
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException refusal) {
      throw new AssertionError(
          "%s refuses %s: %s; give one"
              .formatted(
                  type.getName(),
                  Arrays.deepToString(values),
                  refusal.getTargetException().getMessage()),
          refusal);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError(type.getName(), impossible);
    }
  }
}
