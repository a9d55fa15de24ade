import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Compiles the kernels into a shared library beside a manifest with its SHA-256, both to be packed
 * into the jar. Without a C compiler it says so and leaves nothing: the Java twins serve.
 *
 * <p>Run as {@code java kernels/Build.java FOLDER}, from the module.
 */
public class Build {
  private static final long COMPILER_SECONDS = 120;

  public static void main(String[] arguments) throws Exception {
    Path out = Path.of(arguments[0]).resolve(platform());
    Path library = out.resolve(System.mapLibraryName("openledger_kernels"));
    Path manifest = out.resolve("kernels.sha256");
    Path source = Path.of("kernels/ol_match.c");
    if (fresh(manifest, source, Path.of("kernels/ol_match.h"), Path.of("kernels/Build.java"))) {
      return;
    }
    Files.deleteIfExists(manifest);
    Files.deleteIfExists(library);
    Files.createDirectories(out);
    for (String compiler : compilers()) {
      if (compiles(compiler, source, library)) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(library));
        Files.writeString(
            manifest, HexFormat.of().formatHex(digest) + "  " + library.getFileName() + "\n");
        return;
      }
    }
    System.out.println("native-kernels: no C compiler that builds them; the Java twins serve");
  }

  private static List<String> compilers() {
    String named = System.getenv("CC");
    return named == null || named.isBlank() ? List.of("cc", "gcc", "clang") : List.of(named);
  }

  private static boolean compiles(String compiler, Path source, Path library)
      throws InterruptedException {
    var command = new ArrayList<>(List.of(compiler.strip().split(" +")));
    command.addAll(
        List.of("-std=c11", "-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-Wall", "-Wextra"));
    command.addAll(List.of("-o", library.toString(), source.toString()));
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      if (process.waitFor(COMPILER_SECONDS, TimeUnit.SECONDS)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
      return false;
    } catch (IOException absent) {
      return false;
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
