package xyz.openledger.models.files;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/** Walks through the header of a GGUF file and never past its end. */
final class GgufCursor {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private static final int TEXT = 8;
  private static final int LIST = 9;

  /** Bytes of a value by its type's number; texts and lists say their length themselves. */
  private static final int[] WIDTHS = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  private final MemorySegment file;
  private long position;

  GgufCursor(MemorySegment file) {
    this.file = file;
  }

  long position() {
    return position;
  }

  private long step(String field, long bytes) {
    if (bytes < 0 || bytes > file.byteSize() - position) {
      throw Refused.at(
          field,
          position,
          "takes %s bytes, and the file ends after %d"
              .formatted(Long.toUnsignedString(bytes), file.byteSize() - position));
    }
    long at = position;
    position += bytes;
    return at;
  }

  long uint32(String field) {
    return Integer.toUnsignedLong(file.get(INT, step(field, 4)));
  }

  long int64(String field) {
    return file.get(LONG, step(field, 8));
  }

  /** A number of things of which each takes at least so many bytes. */
  long count(String field, int bytesMin, long countMax) {
    long at = position;
    long count = int64(field);
    if (count < 0 || count > countMax || count > (file.byteSize() - position) / bytesMin) {
      throw Refused.at(
          field,
          at,
          "is %s; at most %d, and %d bytes are left"
              .formatted(Long.toUnsignedString(count), countMax, file.byteSize() - position));
    }
    return count;
  }

  String text(String field, int bytesMax) {
    long at = position;
    long length = int64(field);
    if (length < 0 || length > bytesMax) {
      throw Refused.at(
          field, at, "has %s bytes; at most %d".formatted(Long.toUnsignedString(length), bytesMax));
    }
    long start = step(field, length);
    return new String(
        file.asSlice(start, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** An entry's value as text; of a list only its length. */
  String value(String field, int textBytesMax) {
    long at = position;
    int type = type(field);
    if (type == TEXT) {
      return text(field, textBytesMax);
    }
    if (type != LIST) {
      return scalar(field, type);
    }
    int of = type(field);
    if (of == LIST) {
      throw Refused.at(field, at, "is a list of lists, which is not read");
    }
    long count = count(field, of == TEXT ? 8 : WIDTHS[of], Long.MAX_VALUE);
    if (of != TEXT) {
      step(field, count * WIDTHS[of]);
    } else {
      for (long i = 0; i < count; i++) {
        step(field, int64(field));
      }
    }
    return "[" + count + "]";
  }

  private int type(String field) {
    long at = position;
    long type = uint32(field);
    if (type >= WIDTHS.length) {
      throw Refused.at(field, at, "has a value of type " + type + ", which is not known");
    }
    return (int) type;
  }

  private String scalar(String field, int type) {
    long at = step(field, WIDTHS[type]);
    return switch (type) {
      case 0 -> Integer.toString(file.get(ValueLayout.JAVA_BYTE, at) & 0xff);
      case 1 -> Byte.toString(file.get(ValueLayout.JAVA_BYTE, at));
      case 2 -> Integer.toString(file.get(SHORT, at) & 0xffff);
      case 3 -> Short.toString(file.get(SHORT, at));
      case 4 -> Integer.toUnsignedString(file.get(INT, at));
      case 5 -> Integer.toString(file.get(INT, at));
      case 6 -> Float.toString(Float.intBitsToFloat(file.get(INT, at)));
      case 7 -> Boolean.toString(file.get(ValueLayout.JAVA_BYTE, at) != 0);
      case 10 -> Long.toUnsignedString(file.get(LONG, at));
      case 11 -> Long.toString(file.get(LONG, at));
      default -> Double.toString(Double.longBitsToDouble(file.get(LONG, at)));
    };
  }
}
