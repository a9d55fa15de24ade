package xyz.openledger.models.onnx;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import xyz.openledger.models.files.Refused;
import xyz.openledger.protocol.ProblemException;

/**
 * The fields of one message of Protocol Buffers, in the order in which they stand. What other
 * readers might understand otherwise is refused: groups, numbers that overflow or are written
 * longer than they need to be, a field that may stand once and stands twice. Not thread-safe.
 */
final class ProtobufCursor {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;
  private static final int VARINT_BITS_MAX = 63;
  private static final int FIELD_MAX = 1 << 10;

  private final byte[] bytes;
  private final String name;
  private final int end;
  private final Set<Integer> seen = new HashSet<>();
  private int at;
  private int field;
  private int type;

  ProtobufCursor(byte[] bytes, String name) {
    this(bytes, 0, bytes.length, name);
  }

  private ProtobufCursor(byte[] bytes, int at, int end, String name) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
    this.name = name;
  }

  /** Goes to the next field and answers its number; 0 at the end. */
  int next() {
    if (at == end) {
      return 0;
    }
    long tag = number();
    field = (int) Math.min(FIELD_MAX, tag >>> 3);
    type = (int) (tag & 7);
    if (tag < 0 || field == 0 || field == FIELD_MAX) {
      throw refused("has a field without a number");
    }
    return field;
  }

  /** That the field stands here for the first time. */
  void once() {
    if (!seen.add(field)) {
      throw refused("has field " + field + " twice");
    }
  }

  /** A whole number. */
  long varint() {
    expect(VARINT);
    return number();
  }

  /** A message inside this one. */
  ProtobufCursor message(String inner) {
    int length = length();
    var message = new ProtobufCursor(bytes, at, at + length, inner);
    at += length;
    return message;
  }

  /** How many bytes a field of bytes has; passes over them. */
  int skipBytes() {
    int length = length();
    at += length;
    return length;
  }

  /** A text in UTF-8 of at most so many bytes. */
  String text(int max) {
    int length = length();
    if (length > max) {
      throw refused("has a text of %d bytes; there may be %d".formatted(length, max));
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, at, length)).toString();
      at += length;
      return text;
    } catch (CharacterCodingException notText) {
      throw refused("has a text that is no UTF-8");
    }
  }

  /** The numbers that a repeated field of varints brings here, packed or alone; at most so many. */
  List<Long> varints(int max) {
    if (type == VARINT) {
      return List.of(number());
    }
    int length = length();
    int to = at + length;
    var numbers = new ArrayList<Long>();
    while (at < to && numbers.size() <= max) {
      numbers.add(number());
    }
    if (at != to || numbers.size() > max) {
      throw refused("has a list that is too long, or ends in a number");
    }
    return numbers;
  }

  /** How many numbers a repeated field of varints brings here, packed or alone. */
  long countVarints() {
    if (type == VARINT) {
      number();
      return 1;
    }
    int length = length();
    int to = at + length;
    long count = 0;
    for (; at < to; count++) {
      number();
    }
    if (at != to) {
      throw refused("has a number that goes beyond its list");
    }
    return count;
  }

  /** The same for numbers of so many bytes each. */
  long countFixed(int width) {
    if (type == (width == 4 ? FIXED32 : FIXED64)) {
      pass(width);
      return 1;
    }
    int length = length();
    if (length % width != 0) {
      throw refused("has a list of %d bytes, not of whole numbers".formatted(length));
    }
    at += length;
    return length / width;
  }

  /** Passes over whatever stands here. */
  void skip() {
    switch (type) {
      case VARINT -> number();
      case FIXED64 -> pass(8);
      case LENGTH -> skipBytes();
      case FIXED32 -> pass(4);
      default -> throw refused("has a field of type " + type);
    }
  }

  /** A refusal of what stands here. */
  ProblemException refused(String why) {
    return Refused.at(name, at, why);
  }

  private void pass(int length) {
    if (length > end - at) {
      throw refused("ends too early");
    }
    at += length;
  }

  private int length() {
    expect(LENGTH);
    long length = number();
    if (length < 0 || length > end - at) {
      throw refused("has a field that goes beyond its end");
    }
    return (int) length;
  }

  private void expect(int wanted) {
    if (type != wanted) {
      throw refused("has field %d of type %d, not %d".formatted(field, type, wanted));
    }
  }

  private long number() {
    long value = 0;
    for (int shift = 0; shift <= VARINT_BITS_MAX; shift += 7) {
      if (at == end) {
        throw refused("ends too early");
      }
      byte next = bytes[at++];
      if (shift == VARINT_BITS_MAX && next > 1) {
        throw refused("has a number of more than 64 bits");
      }
      if (shift > 0 && next == 0) {
        throw refused("has a number that is written longer than it needs to be");
      }
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw refused("has a number of more than 64 bits");
  }
}
