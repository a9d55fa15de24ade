package xyz.openledger.nodes.sandbox;

import static xyz.openledger.nodes.sandbox.Hostile.NOTHING;
import static xyz.openledger.nodes.sandbox.Hostile.attack;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/** Takes all it can get, up to a point where a host would still live. */
final class ExhaustionAttacks {
  private static final int MEBIBYTE = 1 << 20;

  private ExhaustionAttacks() {}

  static void run() {
    attack("fill the disk with one file", ExhaustionAttacks::oneFile);
    attack("fill the disk with many files", ExhaustionAttacks::manyFiles);
    attack("open many files", ExhaustionAttacks::descriptors);
    attack("fill the heap", () -> "got " + new long[32 * MEBIBYTE].length);
    attack("fill the memory beside the heap", ExhaustionAttacks::nativeMemory);
    attack("start many threads", ExhaustionAttacks::threads);
  }

  private static String oneFile() throws IOException {
    Path file = Files.createTempFile("hostile", "");
    int written = 0;
    try (var out = Files.newOutputStream(file)) {
      for (; written < 8 * MEBIBYTE; written += 1 << 16) {
        out.write(new byte[1 << 16]);
      }
    } catch (IOException full) {
      return written <= MEBIBYTE ? NOTHING : "wrote " + written;
    } finally {
      Files.delete(file);
    }
    return "wrote " + written;
  }

  private static String manyFiles() throws IOException {
    Path folder = Files.createTempDirectory("hostile");
    var files = new ArrayList<Path>();
    try {
      while (files.size() < 500) {
        Path file = folder.resolve("" + files.size());
        files.add(file);
        Files.write(file, new byte[1 << 14]);
      }
    } catch (IOException full) {
      return files.size() <= 70 ? NOTHING : "wrote " + files.size();
    } finally {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.delete(folder);
    }
    return "wrote " + files.size();
  }

  private static String descriptors() throws IOException {
    var open = new ArrayList<RandomAccessFile>();
    try {
      while (open.size() < 1000) {
        open.add(new RandomAccessFile("/dev/null", "r"));
      }
      return "opened " + open.size();
    } catch (IOException full) {
      return NOTHING;
    } finally {
      for (var file : open) {
        file.close();
      }
    }
  }

  private static String nativeMemory() {
    long got = 0;
    try (var arena = Arena.ofConfined()) {
      while (got < 3L << 30) {
        arena.allocate(64 * MEBIBYTE);
        got += 64 * MEBIBYTE;
      }
      return "got " + got;
    } catch (OutOfMemoryError full) {
      return NOTHING;
    }
  }

  private static String threads() {
    int started = 0;
    try {
      for (; started < 200; started++) {
        Thread.ofPlatform().daemon().start(ExhaustionAttacks::sleep);
      }
      return "started " + started;
    } catch (OutOfMemoryError full) {
      return NOTHING;
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
