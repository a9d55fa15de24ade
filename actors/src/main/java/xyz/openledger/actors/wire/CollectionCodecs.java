package xyz.openledger.actors.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Codecs of collections. They come back unmodifiable. Sets and maps are written in the order of
 * their elements' bytes, so that equal ones have equal bytes whatever their implementation's order.
 */
final class CollectionCodecs {
  private CollectionCodecs() {}

  static <E> Codec<List<E>> list(Codec<E> element) {
    return PlainCodecs.of(
        (out, list) -> {
          out.array(list.size());
          list.forEach(one -> element.write(out, present(one)));
        },
        in -> {
          int size = in.array();
          var list = new ArrayList<E>(Math.min(size, 1024));
          for (int i = 0; i < size; i++) {
            list.add(element.read(in));
          }
          in.leave();
          return Collections.unmodifiableList(list);
        });
  }

  static <E> Codec<Set<E>> set(Codec<E> element) {
    return anySet(element, LinkedHashSet::new, Collections::unmodifiableSet);
  }

  static <E> Codec<SortedSet<E>> sortedSet(Codec<E> element) {
    return anySet(element, TreeSet::new, Collections::unmodifiableSortedSet);
  }

  private static <E, S extends Collection<E>, M extends Set<E>> Codec<S> anySet(
      Codec<E> element, Supplier<M> make, Function<M, S> freeze) {
    return PlainCodecs.of(
        (out, set) -> {
          var encoded = new ArrayList<byte[]>(set.size());
          for (var one : set) {
            int start = out.position();
            element.write(out, present(one));
            encoded.add(out.takeFrom(start));
          }
          out.array(encoded.size());
          writeSorted(out, encoded);
        },
        in -> {
          int size = in.array();
          var set = make.get();
          for (int i = 0; i < size; i++) {
            if (!set.add(element.read(in))) {
              throw new WireFormatException("an element of a set occurs twice");
            }
          }
          in.leave();
          return freeze.apply(set);
        });
  }

  static <K, V> Codec<Map<K, V>> map(Codec<K> key, Codec<V> value) {
    return anyMap(key, value, LinkedHashMap::new, Collections::unmodifiableMap);
  }

  static <K, V> Codec<SortedMap<K, V>> sortedMap(Codec<K> key, Codec<V> value) {
    return anyMap(key, value, TreeMap::new, Collections::unmodifiableSortedMap);
  }

  private static <K, V, S extends Map<K, V>, M extends Map<K, V>> Codec<S> anyMap(
      Codec<K> key, Codec<V> value, Supplier<M> make, Function<M, S> freeze) {
    return PlainCodecs.of(
        (out, map) -> {
          var encoded = new ArrayList<byte[]>(map.size());
          map.forEach(
              (k, v) -> {
                int start = out.position();
                key.write(out, present(k));
                value.write(out, present(v));
                encoded.add(out.takeFrom(start));
              });
          out.map(encoded.size());
          writeSorted(out, encoded);
        },
        in -> {
          int size = in.map();
          var map = make.get();
          for (int i = 0; i < size; i++) {
            var k = key.read(in);
            if (map.putIfAbsent(k, value.read(in)) != null) {
              throw new WireFormatException("the key " + k + " occurs twice");
            }
          }
          in.leave();
          return freeze.apply(map);
        });
  }

  private static void writeSorted(CborWriter out, List<byte[]> encoded) {
    encoded.sort(Arrays::compareUnsigned);
    encoded.forEach(out::raw);
  }

  private static <T> T present(T element) {
    if (element == null) {
      throw new WireFormatException("an element is null");
    }
    return element;
  }
}
