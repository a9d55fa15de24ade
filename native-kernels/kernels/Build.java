import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Has CMake compile the kernels into a shared library, and lays it beside a manifest with its
 * SHA-256, both to be packed into the jar; with nvcc, those for graphics processors too. Without
 * CMake or a C compiler it says so and leaves nothing: the Java twins serve.
 *
 * <p>Run as {@code java kernels/Build.java FOLDER}, from the module.
 */
public class Build {
  private static final long BUILD_SECONDS = 900;
  private static final Path SOURCES = Path.of("kernels");
  private static final Path WORK = Path.of("target/kernels");

  public static void main(String[] arguments) throws Exception {
    Path out = Path.of(arguments[0]).resolve(platform());
    if (fresh(out.resolve("kernels.sha256"), sources())) {
      return;
    }
    Files.createDirectories(out);
    Files.createDirectories(WORK);
    // A folder that was moved, or copied with what was built, holds paths of where it was.
    Files.deleteIfExists(WORK.resolve("CMakeCache.txt"));
    for (String library : List.of("kernels", "cuda")) {
      Files.deleteIfExists(out.resolve(library + ".sha256"));
    }
    if (!configured(false) || !built("openledger_kernels", out, "kernels.sha256")) {
      System.out.println(
          "native-kernels: not built by CMake in time, or at all; the Java twins serve");
      return;
    }
    if (!nvcc()) {
      System.out.println("native-kernels: no nvcc; built without CUDA");
    } else if (!configured(true) || !built("openledger_kernels_cuda", out, "cuda.sha256")) {
      System.out.println("native-kernels: nvcc did not compile CUDA; built without");
    }
  }

  private static boolean configured(boolean cuda) throws InterruptedException, IOException {
    return runs(
        "cmake",
        "-S",
        SOURCES.toString(),
        "-B",
        WORK.toString(),
        "-DCMAKE_BUILD_TYPE=",
        "-DOPENLEDGER_CUDA=" + (cuda ? "ON" : "OFF"));
  }

  /** Compiles a library and lays it into the folder, its manifest last. */
  private static boolean built(String target, Path out, String manifest) throws Exception {
    if (!runs("cmake", "--build", WORK.toString(), "--parallel", "2", "--target", target)) {
      return false;
    }
    String name = System.mapLibraryName(target);
    Path library = out.resolve(name);
    Files.copy(WORK.resolve(name), library, StandardCopyOption.REPLACE_EXISTING);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(library));
    Files.writeString(out.resolve(manifest), HexFormat.of().formatHex(digest) + "  " + name + "\n");
    return true;
  }

  private static boolean nvcc() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "nvcc")));
  }

  /** What CMake prints lands in a file, of which the end is shown if it fails. */
  private static boolean runs(String... command) throws InterruptedException, IOException {
    Path log = WORK.resolve("build.log");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      boolean ended = process.waitFor(BUILD_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      if (ended && process.exitValue() == 0) {
        return true;
      }
      List<String> lines = Files.readAllLines(log);
      lines.stream().skip(Math.max(0, lines.size() - 20)).forEach(System.out::println);
      return false;
    } catch (IOException absent) {
      return false;
    }
  }

  private static Path[] sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files.filter(Files::isRegularFile).toArray(Path[]::new);
    }
  }

  private static boolean fresh(Path built, Path... sources) throws IOException {
    if (!Files.exists(built)) {
      return false;
    }
    for (Path source : sources) {
      if (Files.getLastModifiedTime(source).compareTo(Files.getLastModifiedTime(built)) > 0) {
        return false;
      }
    }
    return true;
  }

  /** As NativeLibrary names it. */
  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).split(" ")[0];
    return system + "-" + System.getProperty("os.arch");
  }
}
