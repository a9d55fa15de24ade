package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.SavedState;

/**
 * Gathers frames and writes all of them at once, since a write to a pipe costs more than a small
 * task.
 */
final class FrameWriter {
  private static final int CAPACITY_KEPT = 1 << 16;

  private final OutputStream out;
  private byte[] bytes = new byte[CAPACITY_KEPT];
  private int length;

  FrameWriter(OutputStream out) {
    this.out = out;
  }

  /** Adds a frame, which leaves with the next {@link #flush}. */
  void add(Frame frame) {
    int start = length;
    putInt(0);
    switch (frame) {
      case Frame.Load(int id, Digest module, byte[] module_) -> {
        kind(1, id).putDigest(module);
        putBytes(module_);
      }
      case Frame.Run(
              int id,
              Digest module,
              int budgetMillis,
              long share,
              ExecutionRequest request,
              SavedState saved) -> {
        kind(2, id).putDigest(module);
        putInt(budgetMillis);
        putLong(share);
        putRequest(request);
        putSaved(saved);
      }
      case Frame.Ready(int version) -> kind(3, version);
      case Frame.Loaded(int id, Digest code) -> kind(4, id).putDigest(code);
      case Frame.Refused(int id, String reason, int byteOffset, String sentence) -> {
        kind(5, id).putText(reason);
        putInt(byteOffset);
        putText(sentence);
      }
      case Frame.Unknown(int id) -> kind(6, id);
      case Frame.Ran(int id, Digest code, Execution execution) -> {
        kind(7, id).putDigest(code);
        putExecution(execution);
      }
      case Frame.Cancel(int id) -> kind(9, id);
      case Frame.Listen(int id) -> kind(10, id);
      case Frame.Grew(int id, String text) -> kind(11, id).putText(text);
      case Frame.Yield(int id, int millis) -> kind(12, id).putInt(millis);
      case Frame.Saved(int id, int step, long fuel, byte[] state) -> {
        kind(13, id).putInt(step);
        putLong(fuel);
        putBytes(state);
      }
      case Frame.Faulted(int id, String reason, String detail) -> {
        kind(8, id).putText(reason);
        putText(detail);
      }
    }
    ByteBuffer.wrap(bytes).putInt(start, length - start - Integer.BYTES);
  }

  /** Writes what was added. */
  void flush() throws IOException {
    if (length > 0) {
      out.write(bytes, 0, length);
      out.flush();
      length = 0;
      if (bytes.length > CAPACITY_KEPT) {
        bytes = new byte[CAPACITY_KEPT];
      }
    }
  }

  private void putRequest(ExecutionRequest request) {
    putDigest(request.taskHash());
    ExecutionLimits limits = request.limits();
    putLong(limits.fuelMax());
    putLong(limits.memoryMaxBytes());
    putLong(limits.outputMaxBytes());
    putTexts(request.arguments());
    putBytes(request.input());
  }

  private void putSaved(@Nullable SavedState saved) {
    reserve(Byte.BYTES);
    bytes[length++] = (byte) (saved == null ? 0 : 1);
    if (saved != null) {
      putDigest(saved.blob());
      putInt(saved.step());
      putLong(saved.fuel());
    }
  }

  private void putExecution(Execution execution) {
    putInt(execution.status().code());
    putInt(execution.exitCode());
    putLong(execution.fuelUsed());
    putLong(execution.cpuMicros());
    putText(execution.detail());
    putBytes(execution.output());
  }

  private FrameWriter kind(int kind, int id) {
    reserve(Byte.BYTES);
    bytes[length++] = (byte) kind;
    putInt(id);
    return this;
  }

  private void putInt(int value) {
    reserve(Integer.BYTES);
    ByteBuffer.wrap(bytes).putInt(length, value);
    length += Integer.BYTES;
  }

  private void putLong(long value) {
    reserve(Long.BYTES);
    ByteBuffer.wrap(bytes).putLong(length, value);
    length += Long.BYTES;
  }

  private void putDigest(Digest digest) {
    putLong(digest.first());
    putLong(digest.second());
    putLong(digest.third());
    putLong(digest.fourth());
  }

  private void putText(String text) {
    putBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private void putTexts(List<String> texts) {
    putInt(texts.size());
    texts.forEach(this::putText);
  }

  private void putBytes(byte[] value) {
    putInt(value.length);
    reserve(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
  }
}
