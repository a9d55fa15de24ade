package xyz.openledger.nodes.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import xyz.openledger.protocol.Check;

/**
 * Remembers, over crashes, up to which fence this machine may have taken leases. It is written in
 * blocks: the file is {@value #BLOCK} ahead of the last fence at the most, so that one flush to the
 * disk serves many leases.
 */
final class FenceFile {
  static final long BLOCK = 1_024;

  private final Path file;
  private long ceiling;

  private FenceFile(Path file, long ceiling) {
    this.file = file;
    this.ceiling = ceiling;
  }

  /** Reads the file; a machine without one has seen no fence. */
  static FenceFile open(Path file) {
    try {
      if (!Files.exists(file)) {
        return new FenceFile(file, 0);
      }
      String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
      return new FenceFile(file, Long.parseUnsignedLong(text));
    } catch (NumberFormatException damaged) {
      throw Check.refusal(
          "fences", file + " is damaged; enrol this machine anew in another data directory");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** The highest fence that this machine may have seen. */
  long ceiling() {
    return ceiling;
  }

  /** Says that a fence was seen; on return a crash will not forget it. */
  void raise(long fence) {
    if (fence > ceiling) {
      long next = fence > Long.MAX_VALUE - BLOCK ? Long.MAX_VALUE : fence + BLOCK;
      try {
        write(next);
      } catch (IOException unwritable) {
        throw new UncheckedIOException(unwritable);
      }
      ceiling = next;
    }
  }

  private void write(long next) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (var channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap((next + "\n").getBytes(StandardCharsets.US_ASCII)));
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (var directory = FileChannel.open(parent, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
