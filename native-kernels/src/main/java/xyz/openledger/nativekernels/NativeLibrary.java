package xyz.openledger.nativekernels;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The shared libraries that the build packed for this platform, loaded only if they are the ones
 * that their manifests name.
 */
final class NativeLibrary {
  private static final String FOLDER = "/META-INF/native/";

  /** Far above what a library of kernels takes. */
  private static final int BYTES_MAX = 16 << 20;

  private NativeLibrary() {}

  /**
   * Unpacks and loads it, for as long as the JVM lives.
   *
   * @throws UnsatisfiedLinkError saying why there is none
   */
  static SymbolLookup load() {
    return load("openledger_kernels", "kernels.sha256");
  }

  /** The one for graphics processors, as {@link #load()}. */
  static SymbolLookup loadCuda() {
    return load("openledger_kernels_cuda", "cuda.sha256");
  }

  private static SymbolLookup load(String name, String manifestFile) {
    String folder = FOLDER + platform() + "/";
    String file = System.mapLibraryName(name);
    byte[] manifest = read(folder + manifestFile);
    if (manifest == null) {
      throw new UnsatisfiedLinkError("none was built for " + platform());
    }
    byte[] library = read(folder + file);
    if (library == null || !digest(library).equals(named(manifest))) {
      throw new UnsatisfiedLinkError("the library is not the one that its manifest names");
    }
    return load(library, file);
  }

  @SuppressWarnings("restricted") // what is loaded was built with this jar and has its digest
  private static SymbolLookup load(byte[] library, String file) {
    try {
      // A fresh folder that only this user can write: nobody swaps the file before it is loaded.
      Path folder = Files.createTempDirectory("openledger-kernels");
      Path unpacked = folder.resolve(file);
      try {
        Files.write(unpacked, library);
        return SymbolLookup.libraryLookup(unpacked, Arena.global());
      } finally {
        // The loader keeps its mapping; where it needs the file, deleting fails and the folder
        // stays.
        if (unpacked.toFile().delete()) {
          Files.deleteIfExists(folder);
        }
      }
    } catch (IOException | IllegalArgumentException failure) {
      var error = new UnsatisfiedLinkError("it cannot be loaded: " + failure.getMessage());
      error.initCause(failure);
      throw error;
    }
  }

  private static byte @Nullable [] read(String resource) {
    try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
      return in == null ? null : in.readNBytes(BYTES_MAX);
    } catch (IOException unreadable) {
      return null;
    }
  }

  private static String named(byte[] manifest) {
    return new String(manifest, StandardCharsets.US_ASCII).split(" ", 2)[0];
  }

  private static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  /** As the build names it. */
  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).split(" ", 2)[0];
    return system + "-" + System.getProperty("os.arch");
  }
}
