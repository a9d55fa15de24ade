package xyz.openledger.models.files;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A block of numbers in a mapped file.
 *
 * @param shape the slowest dimension first, as Hugging Face writes it
 * @param offset where its bytes begin in the file
 * @param data its bytes, exactly as many as type and shape ask for; lives as long as its file
 */
public record Tensor(
    String name, TensorType type, List<Long> shape, long offset, MemorySegment data) {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** Copies the shape. */
  public Tensor {
    shape = List.copyOf(shape);
  }

  /** How many numbers it holds. */
  public long elements() {
    return data.byteSize() / type.bytes();
  }

  /** The number at an index, widened without loss. */
  public float at(long index) {
    return switch (type) {
      case F32 -> data.get(FLOAT, index * 4);
      case F16 -> Float.float16ToFloat(data.get(SHORT, index * 2));
      case BF16 -> Float.intBitsToFloat(data.get(SHORT, index * 2) << 16);
      default -> throw Refused.at(name, offset, "is of " + type + ", which is no weight");
    };
  }

  /**
   * Looks at every number.
   *
   * @throws xyz.openledger.protocol.ProblemException naming the first that is infinite or no number
   */
  public void requireFinite() {
    for (long i = 0; i < elements(); i++) {
      if (!Float.isFinite(at(i))) {
        throw Refused.at(
            name,
            offset + i * type.bytes(),
            "number " + i + " is " + at(i) + "; weights are finite");
      }
    }
  }
}
