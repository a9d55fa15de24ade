package xyz.openledger.cluster.planted;

import java.nio.file.Path;
import java.util.List;

/**
 * Some tests to be run.
 *
 * @param classPath folders and jars of the product, the first of which goes first
 * @param tests classes, or {@code Class#method}, whole names
 */
record Run(String name, List<Path> classPath, List<String> tests) {

  String line() {
    return String.join(
        "\t",
        name,
        String.join(",", classPath.stream().map(Path::toString).toList()),
        String.join(",", tests));
  }

  static Run parse(String line) {
    String[] parts = line.split("\t", 3);
    return new Run(
        parts[0],
        List.of(parts[1].split(",")).stream().map(Path::of).toList(),
        List.of(parts[2].split(",")));
  }
}
