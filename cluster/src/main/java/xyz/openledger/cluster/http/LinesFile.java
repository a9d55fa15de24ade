package xyz.openledger.cluster.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Lines of a file to be, in any order, up to a number of bytes. They wait on the disk: of each, 12
 * bytes are held in memory. Safe for many threads.
 */
final class LinesFile implements AutoCloseable {
  private final FileChannel file;
  private final long[] starts;
  private final int[] lengths;
  private final long bytesMax;
  private long bytes;

  /**
   * No lines yet.
   *
   * @param path does not exist, and is gone once this is closed
   */
  LinesFile(Path path, int count, long bytesMax) {
    try {
      this.file =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
    this.starts = new long[count];
    this.lengths = new int[count];
    this.bytesMax = bytesMax;
    Arrays.fill(starts, -1);
  }

  /** Whether there was room for the line. */
  synchronized boolean set(int index, String line) {
    byte[] content = line.getBytes(StandardCharsets.UTF_8);
    if (bytes + content.length > bytesMax) {
      return false;
    }
    try {
      var rest = ByteBuffer.wrap(content);
      for (long at = bytes; rest.hasRemaining(); ) {
        at += file.write(rest, at);
      }
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
    starts[index] = bytes;
    lengths[index] = content.length;
    bytes += content.length;
    return true;
  }

  /** Whether there is no line. */
  synchronized boolean isEmpty() {
    return bytes == 0;
  }

  /** The lines that there are, by their indices. Nothing may be set meanwhile. */
  synchronized InputStream inOrder() {
    List<InputStream> lines =
        IntStream.range(0, starts.length)
            .filter(index -> starts[index] >= 0)
            .<InputStream>mapToObj(index -> new Line(starts[index], lengths[index]))
            .toList();
    return new SequenceInputStream(Collections.enumeration(lines));
  }

  /** One line, read from the disk as it is asked for. */
  private final class Line extends InputStream {
    private long at;
    private int left;

    Line(long at, int left) {
      this.at = at;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int read = file.read(ByteBuffer.wrap(into, offset, Math.min(length, left)), at);
      at += read;
      left -= read;
      return read;
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
