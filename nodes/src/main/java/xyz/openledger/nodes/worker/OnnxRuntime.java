package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSource;
import java.security.DigestInputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.sandbox.OwnedFolder;
import xyz.openledger.nodes.sandbox.Sandbox;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.session.Terms;

/**
 * ONNX Runtime as this machine has it. This program never loads it: only its workers do.
 *
 * @param profile machines of one profile compute the same bits: version, digest of the runtime's
 *     jar, and what of the processor the runtime chooses its code by
 * @param folder where its libraries lie in the jar
 */
public record OnnxRuntime(String profile, String folder) {
  static final String VERSION = "1.29.0";

  private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");
  private static final String CLASS = "ai.onnxruntime.OrtEnvironment";
  private static final int DIGEST_LETTERS = 8;

  /**
   * What was found.
   *
   * @param runtime null if the machine has none
   * @param missing why, for people; empty if it has one
   */
  public record Found(@Nullable OnnxRuntime runtime, Optional<String> missing) {

    /**
     * What of it a node may offer: native code that others wrote reads strangers' graphs, so there
     * has to be a wall around it that keeps it from files and network; and the label that says it
     * is there needs a place among {@code labels}.
     */
    public Found offered(Sandbox.Level level, Map<String, String> labels) {
      if (runtime == null) {
        return this;
      }
      if (level == Sandbox.Level.CONTAINER) {
        return withheld("a worker's pod has no place for its libraries");
      }
      if (level != Sandbox.Level.BUBBLEWRAP) {
        return withheld("native code needs bubblewrap around it, which does not work here");
      }
      boolean room = labels.size() < Terms.LABELS_MAX || labels.containsKey(Workload.Onnx.LABEL);
      return room ? this : withheld("the terms have no room for its label: leave one out");
    }

    private static Found withheld(String why) {
      return new Found(null, Optional.of("onnx: not offered: " + why));
    }
  }

  /** Looks for it on the class path. */
  public static Found find() {
    String platform = platform();
    String folder = "/ai/onnxruntime/native/" + platform + "/";
    Class<?> type;
    try {
      type = type();
    } catch (ClassNotFoundException absent) {
      return missing("it is not on the class path");
    }
    for (String library : LIBRARIES) {
      if (type.getResource(folder + System.mapLibraryName(library)) == null) {
        return missing("it has no library for " + platform);
      }
    }
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      return missing("nobody knows where it comes from");
    }
    try {
      Path jar = Path.of(source.getLocation().toURI());
      String processor = ProcessorTraits.of(Path.of("/proc/cpuinfo")).label();
      String digest = digest(jar).hex().substring(0, DIGEST_LETTERS);
      return new Found(
          new OnnxRuntime("ort" + VERSION + "-" + digest + "." + processor, folder),
          Optional.empty());
    } catch (IOException | URISyntaxException unreadable) {
      return missing(String.valueOf(unreadable.getMessage()));
    }
  }

  private static Digest digest(Path jar) throws IOException {
    var sha256 = Digest.sha256();
    try (var in = new DigestInputStream(Files.newInputStream(jar), sha256)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return Digest.wrap(sha256.digest());
  }

  private static Found missing(String why) {
    return new Found(null, Optional.of("onnx: no ONNX Runtime: " + why));
  }

  /** As the runtime's jar names it. */
  private static String platform() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String of = os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux";
    boolean arm = System.getProperty("os.arch", "").equals("aarch64");
    return of + "-" + (arm ? "aarch64" : "x64");
  }

  /** One of its classes, which is not run. */
  static Class<?> type() throws ClassNotFoundException {
    return Class.forName(CLASS, false, OnnxRuntime.class.getClassLoader());
  }

  private void copy(Path target) throws IOException, ClassNotFoundException {
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (String library : LIBRARIES) {
      String name = System.mapLibraryName(library);
      Path file = target.resolve(name);
      try (InputStream in = type().getResourceAsStream(folder + name)) {
        if (in == null) {
          throw new IOException("the runtime's jar has no " + name);
        }
        Files.copy(in, file);
      }
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }
  }

  /** Copies its libraries to a folder that everyone on the machine may read. */
  Path unpack() {
    try {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      OwnedFolder.sweep(temporary, OwnedFolder::deleteTree);
      Path target = Files.createTempDirectory(temporary, OwnedFolder.prefix());
      try {
        copy(target);
      } catch (IOException | ClassNotFoundException | RuntimeException failed) {
        OwnedFolder.deleteTree(target);
        throw failed;
      }
      return target;
    } catch (IOException unwritable) {
      throw new UncheckedIOException("no folder for the libraries of ONNX Runtime", unwritable);
    } catch (ClassNotFoundException gone) {
      throw new IllegalStateException("ONNX Runtime was there a moment ago", gone);
    }
  }
}
