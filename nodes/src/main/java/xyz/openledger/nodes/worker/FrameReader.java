package xyz.openledger.nodes.worker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.SavedState;

/**
 * Reads frames, and believes nothing: each length is checked against what is left of its frame,
 * each number against its range. Whatever is wrong is an {@link IOException}, after which the
 * stream is of no more use.
 */
final class FrameReader {
  private static final int CAPACITY_KEPT = 1 << 16;

  private final InputStream in;
  private byte[] bytes = new byte[CAPACITY_KEPT];
  private int start;
  private int end;

  FrameReader(InputStream in) {
    this.in = in;
  }

  /** The next frame, or null at the end of the stream. Waits for it. */
  @Nullable Frame read() throws IOException {
    if (!fill(Integer.BYTES)) {
      return null;
    }
    int length = nextLength();
    if (length < 1 || length > Frame.LENGTH_MAX) {
      throw new IOException(
          "a frame of %d bytes is not 1 to %d".formatted(length, Frame.LENGTH_MAX));
    }
    if (!fill(Integer.BYTES + length)) {
      throw new EOFException("the stream ends inside a frame");
    }
    var frame = ByteBuffer.wrap(bytes, start + Integer.BYTES, length).slice();
    start += Integer.BYTES + length;
    return parse(frame);
  }

  /** Whether the next frame is here already, so that reading it would not wait. */
  boolean hasFrame() {
    return end - start >= Integer.BYTES && end - start - Integer.BYTES >= nextLength();
  }

  private int nextLength() {
    return ByteBuffer.wrap(bytes).getInt(start);
  }

  /** Reads until {@code count} bytes are here; false if the stream ends before the first. */
  private boolean fill(int count) throws IOException {
    makeRoom(count);
    while (end - start < count) {
      int read = in.read(bytes, end, bytes.length - end);
      if (read < 0) {
        if (end == start) {
          return false;
        }
        throw new EOFException("the stream ends inside a frame");
      }
      end += read;
    }
    return true;
  }

  private void makeRoom(int count) {
    if (start == end) {
      start = 0;
      end = 0;
    }
    if (bytes.length - start >= count) {
      return;
    }
    // A large frame's buffer is given back once a small one comes.
    int capacity = Math.max(CAPACITY_KEPT, count);
    byte[] larger = capacity == bytes.length ? bytes : new byte[Math.max(capacity, end - start)];
    System.arraycopy(bytes, start, larger, 0, end - start);
    end -= start;
    start = 0;
    bytes = larger;
  }

  private static Frame parse(ByteBuffer in) throws IOException {
    try {
      Frame frame = parse(in.get(), in);
      if (in.hasRemaining()) {
        throw new IOException(in.remaining() + " bytes too many in a frame");
      }
      return frame;
    } catch (BufferUnderflowException e) {
      throw new IOException("a frame is shorter than its fields", e);
    } catch (ProblemException e) {
      throw new IOException("a frame holds a value out of its range: " + e, e);
    }
  }

  private static Frame parse(byte kind, ByteBuffer in) throws IOException {
    int id = in.getInt();
    return switch (kind) {
      case 1 -> new Frame.Load(id, digest(in), bytes(in));
      case 2 -> new Frame.Run(id, digest(in), in.getInt(), in.getLong(), request(in), saved(in));
      case 3 -> new Frame.Ready(id);
      case 4 -> new Frame.Loaded(id, digest(in));
      case 5 -> new Frame.Refused(id, text(in), in.getInt(), text(in));
      case 6 -> new Frame.Unknown(id);
      case 7 -> new Frame.Ran(id, digest(in), execution(in));
      case 8 -> new Frame.Faulted(id, text(in), text(in));
      case 9 -> new Frame.Cancel(id);
      case 10 -> new Frame.Listen(id);
      case 11 -> new Frame.Grew(id, text(in));
      case 12 -> new Frame.Yield(id, in.getInt());
      case 13 -> new Frame.Saved(id, in.getInt(), in.getLong(), bytes(in));
      case 14 -> new Frame.Ping(id);
      case 15 -> new Frame.Pong(id);
      case 16 -> new Frame.Together(id);
      default -> throw new IOException("there is no frame of kind " + kind);
    };
  }

  private static ExecutionRequest request(ByteBuffer in) throws IOException {
    Digest taskHash = digest(in);
    var limits = new ExecutionLimits(in.getLong(), in.getLong(), in.getLong());
    return new ExecutionRequest(taskHash, texts(in), bytes(in), limits);
  }

  private static @Nullable SavedState saved(ByteBuffer in) {
    return in.get() == 0 ? null : new SavedState(digest(in), in.getInt(), in.getLong());
  }

  private static Execution execution(ByteBuffer in) throws IOException {
    Outcome.Status status = status(in.getInt());
    int exitCode = in.getInt();
    long fuelUsed = in.getLong();
    long cpuMicros = in.getLong();
    String detail = text(in);
    return new Execution(status, exitCode, fuelUsed, bytes(in), detail, cpuMicros);
  }

  private static Outcome.Status status(int code) throws IOException {
    return Arrays.stream(Outcome.Status.values())
        .filter(status -> status.code() == code)
        .findFirst()
        .orElseThrow(() -> new IOException("there is no status " + code));
  }

  private static Digest digest(ByteBuffer in) {
    return new Digest(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  private static String text(ByteBuffer in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static List<String> texts(ByteBuffer in) throws IOException {
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / Integer.BYTES) {
      throw new IOException("a frame promises %d texts and has no room for them".formatted(count));
    }
    var texts = new ArrayList<String>(count);
    for (int i = 0; i < count; i++) {
      texts.add(text(in));
    }
    return texts;
  }

  private static byte[] bytes(ByteBuffer in) throws IOException {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new IOException(
          "a frame promises %d bytes and has %d".formatted(length, in.remaining()));
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
