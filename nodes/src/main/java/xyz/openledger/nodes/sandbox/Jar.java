package xyz.openledger.nodes.sandbox;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Jars and class folders, copied to jars that everyone on the machine may read. */
final class Jar {
  /** Java's start archives know a jar by its size and this. */
  private static final FileTime MODIFIED = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  private Jar() {}

  /** Copies a jar, or packs a folder of classes as one. */
  static void copy(Path origin, Path target) throws IOException {
    if (Files.isDirectory(origin)) {
      packed(origin, target);
    } else {
      Files.copy(origin, target);
    }
    readable(target);
  }

  /** The same, with each class file as {@code change} makes it. */
  static void rewritten(Path origin, Path target, UnaryOperator<byte[]> change) throws IOException {
    if (Files.isDirectory(origin)) {
      copy(origin, target);
      return;
    }
    try (var jar = new ZipFile(origin.toFile());
        var out = new ZipOutputStream(stream(target))) {
      for (var entry : jar.stream().filter(entry -> !entry.isDirectory()).toList()) {
        byte[] bytes = jar.getInputStream(entry).readAllBytes();
        boolean isClass = entry.getName().endsWith(".class");
        add(out, entry.getName(), isClass ? change.apply(bytes) : bytes);
      }
    }
    readable(target);
  }

  private static void packed(Path folder, Path target) throws IOException {
    try (var paths = Files.walk(folder);
        var out = new ZipOutputStream(stream(target))) {
      for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
        String name = folder.relativize(path).toString().replace('\\', '/');
        add(out, name, Files.readAllBytes(path));
      }
    }
  }

  /** Not compressed: what is read at each start had better not be unpacked at each start. */
  private static void add(ZipOutputStream out, String name, byte[] bytes) throws IOException {
    var entry = new ZipEntry(name);
    var crc = new CRC32();
    crc.update(bytes);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(crc.getValue());
    entry.setTimeLocal(ENTRY_TIME);
    out.putNextEntry(entry);
    out.write(bytes);
    out.closeEntry();
  }

  private static OutputStream stream(Path target) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(target));
  }

  private static void readable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setLastModifiedTime(file, MODIFIED);
  }
}
