package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.List;
import xyz.openledger.models.files.Refused;
import xyz.openledger.models.files.Tensor;
import xyz.openledger.models.files.TensorFile;
import xyz.openledger.protocol.Digest;

/** A number for each of a layout's parameters, in one row of fp32: weights, gradients, moments. */
public record Parameters(Layout layout, MemorySegment memory) {
  /** All zero. */
  public static Parameters zeros(Layout layout, Arena arena) {
    return new Parameters(layout, arena.allocate(JAVA_FLOAT, layout.count()));
  }

  /** The weights of a file, each of which must be there with its shape and finite. */
  public static Parameters read(Layout layout, TensorFile file, String prefix, Arena arena) {
    return read(layout, file, prefix, arena, () -> {});
  }

  static Parameters read(
      Layout layout, TensorFile file, String prefix, Arena arena, Runnable check) {
    Parameters read = zeros(layout, arena);
    for (Layout.Parameter parameter : layout.parameters()) {
      check.run();
      Tensor tensor = file.find(prefix + parameter.name());
      if (tensor == null) {
        throw Refused.because(prefix + parameter.name(), "is missing");
      }
      List<Long> shape = parameter.shape().stream().map(Integer::longValue).toList();
      if (!tensor.shape().equals(shape) || !tensor.type().servable()) {
        throw Refused.at(
            tensor.name(),
            tensor.offset(),
            "is %s of %s, and the model asks for %s"
                .formatted(tensor.shape(), tensor.type(), shape));
      }
      tensor.requireFinite();
      for (long i = 0; i < parameter.count(); i++) {
        read.memory.setAtIndex(JAVA_FLOAT, parameter.offset() + i, tensor.at(i));
      }
    }
    return read;
  }

  /** Where one of them lies. */
  public MemorySegment of(String name) {
    return of(layout.get(name));
  }

  /** Where one of them lies. */
  public MemorySegment of(Layout.Parameter parameter) {
    return memory.asSlice(parameter.offset() * Float.BYTES, parameter.count() * Float.BYTES);
  }

  /** A copy with memory of its own. */
  public Parameters copy(Arena arena) {
    Parameters copy = zeros(layout, arena);
    copy.memory.copyFrom(memory);
    return copy;
  }

  /** SHA-256 over names, shapes and bits: equal if and only if every bit is. */
  public Digest digest() {
    MessageDigest sha256 = Digest.sha256();
    for (Layout.Parameter parameter : layout.parameters()) {
      String head = parameter.name() + parameter.shape() + "\n";
      sha256.update(head.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      sha256.update(of(parameter).toArray(JAVA_BYTE));
    }
    return Digest.wrap(sha256.digest());
  }
}
