package xyz.openledger.actors.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Serializers of texts, arrays and collections that allocate nothing on the word of a length: what
 * is announced has to fit into the bytes that are left. Collections come back unmodifiable.
 */
final class BoundedSerializers {
  private BoundedSerializers() {}

  /** Reads a number of elements that take at least so many bytes each. */
  private static int size(Input input, int bytesEach) {
    int size = input.readVarInt(true);
    int left = input.limit() - input.position();
    if (size < 0 || size > left / bytesEach) {
      throw new KryoException("%d elements announced, %d bytes left".formatted(size, left));
    }
    return size;
  }

  static final class Text extends Serializer<String> {
    @Override
    public void write(Kryo kryo, Output output, String text) {
      var utf8 = text.getBytes(UTF_8);
      output.writeVarInt(utf8.length, true);
      output.writeBytes(utf8);
    }

    @Override
    public String read(Kryo kryo, Input input, Class<? extends String> type) {
      int length = size(input, 1);
      var text = new String(input.getBuffer(), input.position(), length, UTF_8);
      input.setPosition(input.position() + length);
      return text;
    }
  }

  static final class Bytes extends Serializer<byte[]> {
    @Override
    public void write(Kryo kryo, Output output, byte[] bytes) {
      output.writeVarInt(bytes.length, true);
      output.writeBytes(bytes);
    }

    @Override
    public byte[] read(Kryo kryo, Input input, Class<? extends byte[]> type) {
      return input.readBytes(size(input, 1));
    }
  }

  static final class Longs extends Serializer<long[]> {
    @Override
    public void write(Kryo kryo, Output output, long[] longs) {
      output.writeVarInt(longs.length, true);
      output.writeLongs(longs, 0, longs.length);
    }

    @Override
    public long[] read(Kryo kryo, Input input, Class<? extends long[]> type) {
      return input.readLongs(size(input, Long.BYTES));
    }
  }

  static final class BigIntegers extends Serializer<BigInteger> {
    @Override
    public void write(Kryo kryo, Output output, BigInteger number) {
      kryo.writeObject(output, number.toByteArray());
    }

    @Override
    public BigInteger read(Kryo kryo, Input input, Class<? extends BigInteger> type) {
      return new BigInteger(kryo.readObject(input, byte[].class));
    }
  }

  private static void writeAll(Kryo kryo, Output output, Collection<?> elements) {
    output.writeVarInt(elements.size(), true);
    for (var element : elements) {
      kryo.writeClassAndObject(output, element);
    }
  }

  private static <C extends Collection<Object>> C readAll(Kryo kryo, Input input, C into) {
    int size = size(input, 1);
    for (int i = 0; i < size; i++) {
      into.add(kryo.readClassAndObject(input));
    }
    return into;
  }

  @SuppressWarnings("rawtypes") // as Kryo knows it
  static final class Lists extends Serializer<List> {
    @Override
    public void write(Kryo kryo, Output output, List list) {
      writeAll(kryo, output, list);
    }

    @Override
    public List read(Kryo kryo, Input input, Class<? extends List> type) {
      return Collections.unmodifiableList(readAll(kryo, input, new ArrayList<>()));
    }
  }

  @SuppressWarnings("rawtypes") // as Kryo knows it
  static final class Sets extends Serializer<Set> {
    @Override
    public void write(Kryo kryo, Output output, Set set) {
      writeAll(kryo, output, set);
    }

    @Override
    public Set read(Kryo kryo, Input input, Class<? extends Set> type) {
      return Collections.unmodifiableSet(readAll(kryo, input, new LinkedHashSet<>()));
    }
  }

  @SuppressWarnings("rawtypes") // as Kryo knows it
  static final class SortedSets extends Serializer<SortedSet> {
    @Override
    public void write(Kryo kryo, Output output, SortedSet set) {
      requireNaturalOrder(set.comparator());
      writeAll(kryo, output, set);
    }

    @Override
    public SortedSet read(Kryo kryo, Input input, Class<? extends SortedSet> type) {
      return Collections.unmodifiableSortedSet(readAll(kryo, input, new TreeSet<>()));
    }
  }

  private static void writeAll(Kryo kryo, Output output, Map<?, ?> map) {
    output.writeVarInt(map.size(), true);
    for (var entry : map.entrySet()) {
      kryo.writeClassAndObject(output, entry.getKey());
      kryo.writeClassAndObject(output, entry.getValue());
    }
  }

  private static <M extends Map<Object, Object>> M readAll(Kryo kryo, Input input, M into) {
    int size = size(input, 2);
    for (int i = 0; i < size; i++) {
      into.put(kryo.readClassAndObject(input), kryo.readClassAndObject(input));
    }
    return into;
  }

  @SuppressWarnings("rawtypes") // as Kryo knows it
  static final class Maps extends Serializer<Map> {
    @Override
    @SuppressWarnings("unchecked")
    public void write(Kryo kryo, Output output, Map map) {
      writeAll(kryo, output, (Map<?, ?>) map);
    }

    @Override
    public Map read(Kryo kryo, Input input, Class<? extends Map> type) {
      return Collections.unmodifiableMap(readAll(kryo, input, new LinkedHashMap<>()));
    }
  }

  @SuppressWarnings("rawtypes") // as Kryo knows it
  static final class SortedMaps extends Serializer<SortedMap> {
    @Override
    public void write(Kryo kryo, Output output, SortedMap map) {
      requireNaturalOrder(map.comparator());
      writeAll(kryo, output, (Map<?, ?>) map);
    }

    @Override
    public SortedMap read(Kryo kryo, Input input, Class<? extends SortedMap> type) {
      return Collections.unmodifiableSortedMap(readAll(kryo, input, new TreeMap<>()));
    }
  }

  private static void requireNaturalOrder(@Nullable Comparator<?> order) {
    if (order != null) {
      throw new KryoException("only collections in natural order travel between members");
    }
  }
}
