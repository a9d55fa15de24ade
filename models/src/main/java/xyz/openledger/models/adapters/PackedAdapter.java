package xyz.openledger.models.adapters;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.LoadedAdapter;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.files.Tensor;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.nativekernels.strict.StrictProducts;
import xyz.openledger.nativekernels.strict.WeightType;
import xyz.openledger.protocol.Digest;

/**
 * An adapter as the kernels want it, in one file beside the files it was made from, so that loading
 * it is one read into the slab: no text to parse, no matrix to turn.
 *
 * <pre>
 *   magic 8 │ crc32c 4 │ rank 4 │ scale 4 │ places 4 │ bytes 8 │ weight 4 │ A, B: places × 2 × 8 │ matrices
 *           └──────────── covers all that follows ────────────▶
 * </pre>
 *
 * Little-endian; a weight takes 4 bytes (fp32) or 2 (bf16). It is made on this machine, for this
 * machine; one that is missing, of another model or damaged is made anew.
 */
final class PackedAdapter implements AutoCloseable {
  private static final String FILE = "packed-2.bin";
  private static final long MAGIC = 0x324b_4341_504c_4f41L;
  private static final int FIXED_BYTES = 36;
  private static final int SUMMED_FROM = 12;

  /** A read or a sum goes over at most so much at once. */
  private static final long STEP_BYTES = 1L << 30;

  private final FileChannel file;
  private final ByteBuffer head;
  private final int places;
  private final long bytes;

  private PackedAdapter(FileChannel file, ByteBuffer head, int places, long bytes) {
    this.file = file;
    this.head = head;
    this.places = places;
    this.bytes = bytes;
  }

  /** Opens the file in an adapter's folder; empty if there is none that fits the model. */
  static Optional<PackedAdapter> open(Path folder, ModelConfig model) throws IOException {
    Path path = folder.resolve(FILE);
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    int places = model.layers() * Projection.COUNT;
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    ByteBuffer head = buffer(places);
    boolean whole = file.size() > head.capacity() && readFully(file, head);
    boolean known =
        head.getInt(32) == WeightType.F32.bytes() || head.getInt(32) == WeightType.BF16.bytes();
    if (whole && known && head.getLong(0) == MAGIC && head.getInt(20) == places) {
      long bytes = head.getLong(24);
      if (bytes > 0 && file.size() == head.capacity() + bytes) {
        return Optional.of(new PackedAdapter(file, head, places, bytes));
      }
    }
    file.close();
    return Optional.empty();
  }

  /** Makes the file from the adapter's own; whole or not at all. */
  static void make(Path folder, ModelConfig model, StrictKernels kernels) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      AdapterFiles files = AdapterFiles.read(folder, model, arena, false);
      MemorySegment matrices = arena.allocate(bytes(files), 64);
      int places = model.layers() * Projection.COUNT;
      ByteBuffer head = buffer(places);
      head.putLong(MAGIC).putInt(0).putInt(files.config().rank()).putFloat(files.config().scale());
      WeightType type = files.weightType();
      head.putInt(places).putLong(matrices.byteSize()).putInt(type.bytes());
      long at = 0;
      for (int i = 0; i < places; i++) {
        for (Tensor tensor : new Tensor[] {files.matricesA()[i], files.matricesB()[i]}) {
          head.putLong(tensor == null ? LoadedAdapter.NONE : at);
          at += tensor == null ? 0 : pack(tensor, type, matrices.asSlice(at), kernels, arena);
        }
      }
      head.putInt(8, sum(head, matrices)).flip();
      Path made = Files.createTempFile(folder, ".packed", ".new");
      try (FileChannel file = FileChannel.open(made, StandardOpenOption.WRITE)) {
        writeFully(file, head);
        for (long from = 0; from < matrices.byteSize(); from += STEP_BYTES) {
          writeFully(file, step(matrices, from));
        }
      }
      Files.move(made, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** What an adapter's matrices take, each from the beginning of a line of the cache. */
  static long bytes(AdapterFiles files) {
    long bytes = 0;
    WeightType type = files.weightType();
    for (Tensor[] matrices : new Tensor[][] {files.matricesA(), files.matricesB()}) {
      for (Tensor tensor : matrices) {
        bytes += tensor == null ? 0 : lines(packedBytes(tensor, type));
      }
    }
    return bytes;
  }

  /** What its matrices take in memory. */
  long bytes() {
    return bytes;
  }

  /**
   * Reads the matrices.
   *
   * @param at where in {@code slab}
   * @return empty if the file is damaged
   */
  Optional<LoadedAdapter> read(Digest name, MemorySegment slab, long at) throws IOException {
    MemorySegment piece = slab.asSlice(at, bytes);
    for (long from = 0; from < bytes; from += STEP_BYTES) {
      if (!readFully(file, step(piece, from))) {
        return Optional.empty();
      }
    }
    if (sum(head, piece) != head.getInt(8)) {
      return Optional.empty();
    }
    long[] offsetsA = new long[places];
    long[] offsetsB = new long[places];
    for (int i = 0; i < places; i++) {
      offsetsA[i] = offset(2 * i, at);
      offsetsB[i] = offset(2 * i + 1, at);
    }
    WeightType type = head.getInt(32) == WeightType.BF16.bytes() ? WeightType.BF16 : WeightType.F32;
    return Optional.of(
        new LoadedAdapter(name, head.getInt(12), head.getFloat(16), type, offsetsA, offsetsB));
  }

  private long offset(int index, long at) {
    long offset = head.getLong(FIXED_BYTES + Long.BYTES * index);
    return offset == LoadedAdapter.NONE ? offset : at + offset;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static ByteBuffer buffer(int places) {
    return ByteBuffer.allocate(FIXED_BYTES + 2 * Long.BYTES * places)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int sum(ByteBuffer head, MemorySegment matrices) {
    var sum = new CRC32C();
    sum.update(head.duplicate().position(SUMMED_FROM).limit(head.capacity()));
    for (long from = 0; from < matrices.byteSize(); from += STEP_BYTES) {
      sum.update(step(matrices, from));
    }
    return (int) sum.getValue();
  }

  private static ByteBuffer step(MemorySegment all, long from) {
    return all.asSlice(from, Math.min(STEP_BYTES, all.byteSize() - from)).asByteBuffer();
  }

  private static boolean readFully(FileChannel file, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (file.read(into) < 0) {
        return false;
      }
    }
    return true;
  }

  private static void writeFully(FileChannel file, ByteBuffer from) throws IOException {
    while (from.hasRemaining()) {
      if (file.write(from) < 0) {
        throw new EOFException();
      }
    }
  }

  private static long pack(
      Tensor tensor, WeightType type, MemorySegment into, StrictKernels kernels, Arena arena) {
    int outputs = tensor.shape().get(0).intValue();
    int inputs = tensor.shape().get(1).intValue();
    long bytes = packedBytes(tensor, type);
    MemorySegment plain =
        type == WeightType.BF16
            ? AdapterFiles.halves(tensor, arena)
            : AdapterFiles.floats(tensor, arena);
    kernels.pack(outputs, inputs, type, plain, inputs, into.asSlice(0, bytes));
    return lines(bytes);
  }

  private static long packedBytes(Tensor tensor, WeightType type) {
    return StrictProducts.packedWeights(
            tensor.shape().get(0).intValue(), tensor.shape().get(1).intValue())
        * type.bytes();
  }

  private static long lines(long bytes) {
    return (bytes + 63) / 64 * 64;
  }
}
