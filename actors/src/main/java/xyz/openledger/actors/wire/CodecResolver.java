package xyz.openledger.actors.wire;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** Finds the codec of a type, once and for all: an event that cannot be written fails the start. */
final class CodecResolver {
  private final Map<Class<?>, Codec<?>> known = new HashMap<>(PlainCodecs.ALL);
  private final Map<Class<?>, Map<String, Class<?>>> unions;
  private final Map<Class<?>, Map<String, Object>> defaults;
  private final ArrayDeque<Runnable> unresolved = new ArrayDeque<>();

  /**
   * A resolver.
   *
   * @param unions names of the variants of sealed types
   * @param defaults values of fields that were added later, by record
   */
  CodecResolver(
      Map<Class<?>, Map<String, Class<?>>> unions, Map<Class<?>, Map<String, Object>> defaults) {
    this.unions = unions;
    this.defaults = defaults;
  }

  /** Fixes the codec of a type. */
  void put(Class<?> type, Codec<?> codec) {
    known.put(type, codec);
  }

  /**
   * The codec of a type.
   *
   * @throws IllegalArgumentException when the type, or one inside it, has none; it says what to do
   */
  Codec<?> codec(Type type) {
    var codec = find(type);
    for (var next = unresolved.poll(); next != null; next = unresolved.poll()) {
      next.run();
    }
    return codec;
  }

  private Codec<?> find(Type type) {
    return switch (type) {
      case Class<?> plain -> {
        var codec = known.get(plain);
        yield codec != null ? codec : make(plain);
      }
      case ParameterizedType generic -> collection(generic);
      default -> throw new IllegalArgumentException("no codec for " + type.getTypeName());
    };
  }

  private Codec<?> make(Class<?> type) {
    if (type.isEnum()) {
      return remember(type, enumeration(type));
    }
    if (type.isRecord() && type.getTypeParameters().length == 0) {
      var codec = RecordCodec.of(type);
      unresolved.add(() -> codec.resolve(this::component, defaults.getOrDefault(type, Map.of())));
      return remember(type, codec);
    }
    var variants = unions.get(type);
    if (variants != null) {
      return union(type, variants);
    }
    throw new IllegalArgumentException(
        "no codec for %s: declare it with as(…)%s"
            .formatted(type.getTypeName(), type.isSealed() ? " or union(…)" : ""));
  }

  private Codec<?> remember(Class<?> type, Codec<?> codec) {
    known.put(type, codec);
    return codec;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the class is an enum's
  private static Codec<?> enumeration(Class<?> type) {
    return PlainCodecs.enumeration((Class) type);
  }

  private Codec<?> component(RecordComponent component) {
    try {
      var type = component.getGenericType();
      boolean optional = component.getType() == Optional.class;
      return find(optional ? ((ParameterizedType) type).getActualTypeArguments()[0] : type);
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          "%s.%s: %s"
              .formatted(
                  component.getDeclaringRecord().getName(),
                  component.getName(),
                  unknown.getMessage()),
          unknown);
    }
  }

  private Codec<?> collection(ParameterizedType type) {
    var of = type.getActualTypeArguments();
    var raw = (Class<?>) type.getRawType();
    if (raw == List.class || raw == Collection.class) {
      return CollectionCodecs.list(find(of[0]));
    } else if (raw == Set.class) {
      return CollectionCodecs.set(find(of[0]));
    } else if (raw == SortedSet.class) {
      return CollectionCodecs.sortedSet(find(of[0]));
    } else if (raw == Map.class) {
      return CollectionCodecs.map(find(of[0]), find(of[1]));
    } else if (raw == SortedMap.class) {
      return CollectionCodecs.sortedMap(find(of[0]), find(of[1]));
    }
    throw new IllegalArgumentException(
        "no codec for "
            + type.getTypeName()
            + ": use List, Set, SortedSet, Map or SortedMap, or Optional as a field");
  }

  private Codec<?> union(Class<?> type, Map<String, Class<?>> variants) {
    var permitted = type.getPermittedSubclasses();
    if (permitted != null) {
      var missing = Arrays.stream(permitted).filter(one -> !variants.containsValue(one)).toList();
      if (!missing.isEmpty()) {
        throw new IllegalArgumentException(
            "union(%s) has no name for %s".formatted(type.getName(), missing));
      }
    }
    var codec = new UnionCodec<>(type.getSimpleName());
    unresolved.add(
        () ->
            codec.resolve(
                variants.entrySet().stream()
                    .collect(
                        Collectors.toMap(
                            Map.Entry::getKey,
                            variant ->
                                new UnionCodec.Variant(
                                    variant.getValue(), find(variant.getValue()))))));
    return remember(type, codec);
  }
}
