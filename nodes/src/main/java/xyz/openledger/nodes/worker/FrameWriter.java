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
    if (frame instanceof Frame.Order || frame instanceof Frame.Listen) {
      putOrder(frame);
    } else {
      putAnswer(frame);
    }
    ByteBuffer.wrap(bytes).putInt(start, length - start - Integer.BYTES);
  }

  // A switch over types would be shorter. The Java machine builds one at its first use, which takes
  // a
  // tenth of a worker's start, and its archives do not keep it.

  private void putOrder(Frame frame) {
    if (frame instanceof Frame.Load(int id, Digest module, byte[] code)) {
      kind(1, id).putDigest(module);
      putBytes(code);
    } else if (frame instanceof Frame.Run run) {
      kind(2, run.id()).putDigest(run.module());
      putInt(run.budgetMillis());
      putLong(run.share());
      putRequest(run.request());
      putSaved(run.saved());
    } else if (frame instanceof Frame.Cancel(int id)) {
      kind(9, id);
    } else if (frame instanceof Frame.Listen(int id)) {
      kind(10, id);
    } else if (frame instanceof Frame.Yield(int id, int millis)) {
      kind(12, id).putInt(millis);
    } else if (frame instanceof Frame.Ping(int id)) {
      kind(14, id);
    } else {
      throw new IllegalArgumentException("no such order: " + frame);
    }
  }

  private void putAnswer(Frame frame) {
    if (frame instanceof Frame.Ran(int id, Digest code, Execution execution)) {
      kind(7, id).putDigest(code);
      putExecution(execution);
    } else if (frame instanceof Frame.Ready(int version)) {
      kind(3, version);
    } else if (frame instanceof Frame.Loaded(int id, Digest code)) {
      kind(4, id).putDigest(code);
    } else if (frame
        instanceof Frame.Refused(int id, String why, int byteOffset, String sentence)) {
      kind(5, id).putText(why);
      putInt(byteOffset);
      putText(sentence);
    } else if (frame instanceof Frame.Unknown(int id)) {
      kind(6, id);
    } else if (frame instanceof Frame.Faulted(int id, String reason, String detail)) {
      kind(8, id).putText(reason);
      putText(detail);
    } else if (frame instanceof Frame.Grew(int id, String text)) {
      kind(11, id).putText(text);
    } else if (frame instanceof Frame.Saved(int id, int step, long fuel, byte[] state)) {
      kind(13, id).putInt(step);
      putLong(fuel);
      putBytes(state);
    } else if (frame instanceof Frame.Pong(int id)) {
      kind(15, id);
    } else if (frame instanceof Frame.Together(int answers)) {
      kind(16, answers);
    } else {
      throw new IllegalArgumentException("no such answer: " + frame);
    }
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
