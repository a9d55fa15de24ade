package xyz.openledger.actors.wire;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Codecs of types that are not made of others. */
final class PlainCodecs {
  private PlainCodecs() {}

  /** By the type they are for; primitive types included. */
  static final Map<Class<?>, Codec<?>> ALL =
      Map.ofEntries(
          Map.entry(boolean.class, of(CborWriter::bool, CborReader::bool)),
          Map.entry(Boolean.class, of(CborWriter::bool, CborReader::bool)),
          Map.entry(long.class, of(CborWriter::integer, CborReader::integer)),
          Map.entry(Long.class, of(CborWriter::integer, CborReader::integer)),
          Map.entry(int.class, integer(Integer.MIN_VALUE, Integer.MAX_VALUE, Long::intValue)),
          Map.entry(Integer.class, integer(Integer.MIN_VALUE, Integer.MAX_VALUE, Long::intValue)),
          Map.entry(short.class, integer(Short.MIN_VALUE, Short.MAX_VALUE, Long::shortValue)),
          Map.entry(byte.class, integer(Byte.MIN_VALUE, Byte.MAX_VALUE, Long::byteValue)),
          Map.entry(double.class, of(CborWriter::float64, CborReader::float64)),
          Map.entry(Double.class, of(CborWriter::float64, CborReader::float64)),
          Map.entry(String.class, of(CborWriter::text, CborReader::text)),
          Map.entry(byte[].class, of(CborWriter::bytes, CborReader::bytes)),
          Map.entry(
              BigInteger.class,
              of((out, value) -> out.bytes(value.toByteArray()), in -> integer(in.bytes()))),
          Map.entry(
              Instant.class,
              of(
                  (out, value) -> seconds(out, value.getEpochSecond(), value.getNano()),
                  in -> seconds(in, Instant::ofEpochSecond))),
          Map.entry(
              Duration.class,
              of(
                  (out, value) -> seconds(out, value.getSeconds(), value.getNano()),
                  in -> seconds(in, Duration::ofSeconds))));

  static <T> Codec<T> of(BiConsumer<CborWriter, T> write, Function<CborReader, T> read) {
    return new Codec<>() {
      @Override
      public void write(CborWriter out, T value) {
        write.accept(out, value);
      }

      @Override
      public T read(CborReader in) {
        return read.apply(in);
      }
    };
  }

  private static BigInteger integer(byte[] bytes) {
    if (bytes.length == 0) {
      throw new WireFormatException("a whole number has a byte at least");
    }
    return new BigInteger(bytes);
  }

  private static <T extends Number> Codec<T> integer(
      long least, long most, Function<Long, T> narrow) {
    return of(
        (out, value) -> out.integer(value.longValue()),
        in -> {
          long value = in.integer();
          if (value < least || value > most) {
            throw new WireFormatException("%d is not from %d to %d".formatted(value, least, most));
          }
          return narrow.apply(value);
        });
  }

  /** A constant by its name. */
  static <E extends Enum<E>> Codec<E> enumeration(Class<E> type) {
    var constants =
        Arrays.stream(type.getEnumConstants())
            .collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));
    return of(
        (out, value) -> out.text(value.name()),
        in -> {
          var name = in.text();
          var constant = constants.get(name);
          if (constant == null) {
            throw new WireFormatException(
                "%s has no %s, only %s".formatted(type.getSimpleName(), name, constants.keySet()));
          }
          return constant;
        });
  }

  private interface OfSeconds<T> {
    T apply(long seconds, long nanos);
  }

  private static void seconds(CborWriter out, long seconds, int nanos) {
    out.array(2);
    out.integer(seconds);
    out.integer(nanos);
  }

  private static <T> T seconds(CborReader in, OfSeconds<T> make) {
    if (in.array() != 2) {
      throw new WireFormatException("expected seconds and nanoseconds");
    }
    long seconds = in.integer();
    long nanos = in.integer();
    in.leave();
    if (nanos < 0 || nanos > 999_999_999) {
      throw new WireFormatException(nanos + " is not a number of nanoseconds below a second");
    }
    try {
      return make.apply(seconds, nanos);
    } catch (DateTimeException | ArithmeticException beyond) {
      throw new WireFormatException(seconds + " seconds are beyond all times", beyond);
    }
  }
}
