package xyz.openledger.models.decoder;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import xyz.openledger.models.files.Refused;
import xyz.openledger.models.files.Tensor;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nativekernels.LargePages;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nativekernels.strict.StrictProducts;
import xyz.openledger.nativekernels.strict.WeightType;

/**
 * Weights {@code [outputs×inputs]}.
 *
 * @param plain row by row, as training needs them
 * @param packed in panels, as serving needs them
 */
public record Matrix(
    int outputs, int inputs, WeightType type, MemorySegment plain, MemorySegment packed) {
  /** Copies of matrices begin so. */
  static final int ALIGNMENT = 64;

  /** Takes a tensor of exactly this shape. */
  static Matrix of(Tensor tensor, int outputs, int inputs, StrictKernels kernels, Arena arena) {
    requireShape(tensor, outputs, inputs);
    return of(outputs, inputs, type(tensor), plain(tensor, arena), kernels, arena);
  }

  /** Takes weights that lie row by row. */
  public static Matrix of(
      int outputs,
      int inputs,
      WeightType type,
      MemorySegment plain,
      StrictKernels kernels,
      Arena arena) {
    MemorySegment packed =
        LargePages.allocate(StrictProducts.packedWeights(outputs, inputs) * type.bytes(), arena);
    kernels.pack(outputs, inputs, type, plain, inputs, packed);
    return new Matrix(outputs, inputs, type, plain, packed);
  }

  /** The numbers of one output, widened. */
  void row(int output, MemorySegment to) {
    long start = (long) output * inputs;
    for (int i = 0; i < inputs; i++) {
      float value =
          type == WeightType.F32
              ? plain.getAtIndex(ValueLayout.JAVA_FLOAT, start + i)
              : Float.intBitsToFloat(plain.getAtIndex(ValueLayout.JAVA_SHORT, start + i) << 16);
      to.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
  }

  static void requireShape(Tensor tensor, long... shape) {
    boolean same = tensor.shape().size() == shape.length;
    for (int i = 0; same && i < shape.length; i++) {
      same = tensor.shape().get(i) == shape[i];
    }
    if (!same) {
      throw Refused.at(
          tensor.name(),
          tensor.offset(),
          "has the shape %s, and the config asks for %s"
              .formatted(tensor.shape(), java.util.Arrays.toString(shape)));
    }
    if (!tensor.type().servable()) {
      throw Refused.at(
          tensor.name(), tensor.offset(), "is of " + tensor.type() + "; F32, F16, BF16 are served");
    }
  }

  private static WeightType type(Tensor tensor) {
    // What 16-bit floats hold, fp32 holds too; bf16 does not.
    return tensor.type() == TensorType.BF16 ? WeightType.BF16 : WeightType.F32;
  }

  private static MemorySegment plain(Tensor tensor, Arena arena) {
    if (tensor.type() == TensorType.F16) {
      return floats(tensor, arena);
    }
    if (tensor.data().isNative() && tensor.data().address() % 4 == 0) {
      return tensor.data();
    }
    return arena.allocate(tensor.data().byteSize(), ALIGNMENT).copyFrom(tensor.data());
  }

  /** A tensor's numbers as fp32, copied. */
  static MemorySegment floats(Tensor tensor, Arena arena) {
    MemorySegment copy = arena.allocate(tensor.elements() * Float.BYTES, ALIGNMENT);
    for (long i = 0; i < tensor.elements(); i++) {
      copy.setAtIndex(ValueLayout.JAVA_FLOAT, i, tensor.at(i));
    }
    return copy;
  }
}
