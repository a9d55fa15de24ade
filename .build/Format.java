import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs google-java-format over every Java source of the project: {@code java .build/Format.java check|apply}.
 *
 * <p>The formatter takes files, not folders, so this lists them; it runs as a process of its own because its
 * module exports stand in its manifest.
 */
final class Format {
  public static void main(String... arguments) throws IOException, InterruptedException {
    boolean apply = arguments.length > 0 && arguments[0].equals("apply");
    Path root = Path.of("").toAbsolutePath();
    Path formatter = root.resolve("target/tools/google-java-format.jar");
    Path list = root.resolve("target/tools/sources.txt");
    Files.write(list, sources(root).stream().map(Path::toString).toList());

    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", formatter.toString()));
    command.addAll(apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    command.add("@" + list);
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0 && !apply) {
      System.err.println("The files above are not formatted. Run: mvn -N toolchains:select-jdk-toolchain exec:exec@format-apply");
    }
    System.exit(status);
  }

  private static List<Path> sources(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> root.relativize(file).toString().contains("src/"))
          .filter(file -> !file.toString().contains("/target/") && !file.toString().contains("/node_modules/"))
          .sorted()
          .toList();
    }
  }
}
