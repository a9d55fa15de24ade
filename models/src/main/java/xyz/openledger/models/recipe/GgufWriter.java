package xyz.openledger.models.recipe;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes GGUF, version 3: entries first, then tensors as they are drawn. */
final class GgufWriter {
  private static final int ALIGNMENT = 32;
  private static final int SOME_BYTES = 1 << 16;
  private static final int UINT32 = 4;
  private static final int FLOAT32 = 6;
  private static final int TEXT = 8;
  private static final int LIST = 9;
  private static final int INT32 = 5;

  /** How numbers are written. */
  enum Kind {
    F32(0, Float.BYTES),
    BF16(30, Short.BYTES);

    private final int code;
    final int bytes;

    Kind(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }
  }

  /** Numbers, one after another. */
  interface Numbers {
    float next();
  }

  private record Tensor(String name, Kind kind, long[] shape, Numbers numbers) {
    long count() {
      long count = 1;
      for (long dimension : shape) {
        count *= dimension;
      }
      return count;
    }
  }

  private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
  private final List<Tensor> tensors = new ArrayList<>();
  private long count;

  GgufWriter put(String key, int value) {
    key(key, UINT32);
    entries.writeBytes(int32(value));
    return this;
  }

  GgufWriter put(String key, float value) {
    key(key, FLOAT32);
    entries.writeBytes(int32(Float.floatToRawIntBits(value)));
    return this;
  }

  GgufWriter put(String key, String value) {
    key(key, TEXT);
    entries.writeBytes(text(value));
    return this;
  }

  GgufWriter put(String key, List<String> values) {
    key(key, LIST);
    entries.writeBytes(int32(TEXT));
    entries.writeBytes(int64(values.size()));
    values.forEach(value -> entries.writeBytes(text(value)));
    return this;
  }

  GgufWriter put(String key, int[] values) {
    key(key, LIST);
    entries.writeBytes(int32(INT32));
    entries.writeBytes(int64(values.length));
    for (int value : values) {
      entries.writeBytes(int32(value));
    }
    return this;
  }

  private void key(String key, int type) {
    count++;
    entries.writeBytes(text(key));
    entries.writeBytes(int32(type));
  }

  /**
   * A tensor of rows, the slowest dimension first; its numbers are asked for when it is written.
   */
  GgufWriter tensor(String name, Kind kind, Numbers numbers, long... shape) {
    tensors.add(new Tensor(name, kind, shape.clone(), numbers));
    return this;
  }

  Path write(Path file) throws IOException {
    var head = new ByteArrayOutputStream();
    head.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    head.writeBytes(int32(3));
    head.writeBytes(int64(tensors.size()));
    head.writeBytes(int64(count));
    head.writeBytes(entries.toByteArray());
    long offset = 0;
    for (Tensor tensor : tensors) {
      head.writeBytes(text(tensor.name()));
      head.writeBytes(int32(tensor.shape().length));
      for (int i = tensor.shape().length - 1; i >= 0; i--) {
        head.writeBytes(int64(tensor.shape()[i]));
      }
      head.writeBytes(int32(tensor.kind().code));
      head.writeBytes(int64(offset));
      offset = aligned(offset + tensor.count() * tensor.kind().bytes);
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      out.write(head.toByteArray());
      out.write(new byte[(int) (aligned(head.size()) - head.size())]);
      for (Tensor tensor : tensors) {
        long bytes = write(tensor, out);
        out.write(new byte[(int) (aligned(bytes) - bytes)]);
      }
    }
    return file;
  }

  private static long write(Tensor tensor, OutputStream out) throws IOException {
    long values = tensor.count();
    ByteBuffer some = ByteBuffer.allocate(SOME_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < values; i++) {
      int bits = Float.floatToRawIntBits(tensor.numbers().next());
      switch (tensor.kind()) {
        case F32 -> some.putInt(bits);
        case BF16 -> some.putShort((short) (bits >>> 16));
      }
      if (!some.hasRemaining()) {
        out.write(some.array());
        some.clear();
      }
    }
    out.write(some.array(), 0, some.position());
    return values * tensor.kind().bytes;
  }

  private static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + bytes.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(bytes.length)
        .put(bytes)
        .array();
  }

  private static byte[] int32(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static byte[] int64(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
  }
}
