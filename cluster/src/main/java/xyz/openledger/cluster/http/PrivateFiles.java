package xyz.openledger.cluster.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files that their owner alone may read. */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private PrivateFiles() {}

  /** Replaces the file, whole and durably, with mode 0600 from its first byte on. */
  public static void write(Path file, byte[] content) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path half =
        Files.createTempFile(
            folder, file.getFileName().toString(), "", PosixFilePermissions.asFileAttribute(OWNER));
    try {
      try (var channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
        for (var bytes = ByteBuffer.wrap(content); bytes.hasRemaining(); ) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(half);
    }
  }

  /** Refuses a file that others may read or write. */
  public static void requirePrivate(Path file) throws IOException {
    var open = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    open.removeAll(OWNER);
    if (!open.isEmpty()) {
      throw new IOException(file + " is open to others; run: chmod 600 " + file);
    }
  }
}
