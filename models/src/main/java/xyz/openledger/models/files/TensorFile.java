package xyz.openledger.models.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of one or several files, by name. Reading looks at headers only; the numbers stay in
 * the file until they are used.
 */
public interface TensorFile {
  /** More tensors than any model that one machine holds. */
  int TENSORS_MAX = 100_000;

  /** Bytes of a name. */
  int NAME_BYTES_MAX = 512;

  /** Dimensions of a tensor. */
  int RANK_MAX = 8;

  /** All of them, in the order in which the file lists them. */
  Map<String, Tensor> tensors();

  /** One of them, or absent. */
  default @Nullable Tensor find(String name) {
    return tensors().get(name);
  }

  /** What the file says of itself, apart from tensors, as text. */
  Map<String, String> remarks();

  /** Maps a whole file for reading. */
  static MemorySegment map(Path file, Arena arena) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /** Refuses tensors of which two share bytes. */
  static void requireApart(List<Tensor> tensors) {
    // One without bytes may lie anywhere, and must not stand between two that overlap.
    var ordered =
        tensors.stream()
            .filter(tensor -> tensor.data().byteSize() > 0)
            .sorted(Comparator.comparingLong(Tensor::offset))
            .toList();
    for (int i = 1; i < ordered.size(); i++) {
      Tensor before = ordered.get(i - 1);
      Tensor tensor = ordered.get(i);
      if (tensor.offset() < before.offset() + before.data().byteSize()) {
        throw Refused.at(tensor.name(), tensor.offset(), "overlaps with " + before.name());
      }
    }
  }

  /**
   * How many bytes a shape takes.
   *
   * @throws xyz.openledger.protocol.ProblemException if it is negative or beyond 2⁶³
   */
  static long bytes(String name, long offset, TensorType type, List<Long> shape) {
    long bytes = type.bytes();
    for (long dimension : shape) {
      if (dimension < 0) {
        throw Refused.at(name, offset, "has the dimension " + Long.toUnsignedString(dimension));
      }
      if (Math.multiplyHigh(bytes, dimension) != 0 || bytes * dimension < 0) {
        throw Refused.at(name, offset, "has a shape of more than 2^63 bytes");
      }
      bytes *= dimension;
    }
    return bytes;
  }
}
