package xyz.openledger.protocol.tensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import xyz.openledger.protocol.Check;

/**
 * Numbers in a shape.
 *
 * @param name 1 to {@value #NAME_LETTERS_MAX} characters
 * @param shape up to {@value #RANK_MAX} sizes of at least 1; none for a single number
 * @param data row by row, little-endian; not copied, so the caller leaves it alone
 */
@SuppressWarnings("ArrayRecordComponent") // compared by its bytes; copying megabytes helps nobody
public record Tensor(String name, NumberType type, List<Long> shape, byte[] data) {
  /** The longest name. */
  public static final int NAME_LETTERS_MAX = 256;

  /** The most dimensions. */
  public static final int RANK_MAX = 8;

  /** The most bytes of one. */
  public static final int BYTES_MAX = 64 << 20;

  /** Checks that it is as long as its shape says. */
  public Tensor {
    if (Check.text("name", name, NAME_LETTERS_MAX).isEmpty()) {
      throw Check.refusal("name", "a tensor has a name");
    }
    shape = List.copyOf(Check.size(name + ".shape", shape, 0, RANK_MAX));
    long bytes = bytes(name, type, shape);
    if (bytes != data.length) {
      throw Check.refusal(
          name, "has %d bytes, and its shape %s takes %d".formatted(data.length, shape, bytes));
    }
    for (int i = 0; type == NumberType.BOOL && i < data.length; i++) {
      if (data[i] != 0 && data[i] != 1) {
        throw Check.refusal(name, "has a truth value that is neither 0 nor 1");
      }
    }
  }

  /** A tensor of these floats. */
  public static Tensor floats(String name, List<Long> shape, float... values) {
    ByteBuffer data =
        ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return new Tensor(name, NumberType.F32, shape, data.array());
  }

  /** Its numbers, which must be {@link NumberType#F32}. */
  public float[] floats() {
    if (type != NumberType.F32) {
      throw new IllegalStateException(name + " is of " + type);
    }
    var floats = new float[data.length / Float.BYTES];
    bytes().asFloatBuffer().get(floats);
    return floats;
  }

  /** Its bytes, to read. */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** How many numbers it has. */
  public long elements() {
    return data.length / type.bytes();
  }

  /** What a shape takes; refuses sizes below 1, and more than a tensor may have. */
  static long bytes(String name, NumberType type, List<Long> shape) {
    long bytes = type.bytes();
    for (long size : shape) {
      if (size < 1 || size > BYTES_MAX || bytes * size > BYTES_MAX) {
        throw Check.refusal(
            name + ".shape",
            "is %s; sizes are at least 1, and a tensor has at most %d bytes"
                .formatted(shape, BYTES_MAX));
      }
      bytes *= size;
    }
    return bytes;
  }
}
