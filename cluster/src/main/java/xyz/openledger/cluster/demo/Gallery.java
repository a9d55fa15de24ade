package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The policies of {@code examples/policies} as a development network can answer them: where they
 * leave a place for the addresses of owners, two of the network stand there.
 */
final class Gallery {
  /** What stands in the examples for addresses that nobody else can have. */
  private static final List<String> PLACES =
      List.of(
          "0x1111111111111111111111111111111111111111",
          "0x2222222222222222222222222222222222222222");

  private Gallery() {}

  /** Writes them into the network's folder; answers where. */
  static Path write(LocalNetwork network, Machine one, Machine other) throws IOException {
    Path to = network.data().resolve("policies");
    Files.createDirectories(to);
    List<Path> examples;
    try (var files = Files.list(Demo.home().resolve("examples/policies"))) {
      examples = files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
    for (Path example : examples) {
      String text =
          Files.readString(example)
              .replace(PLACES.getFirst(), network.owner(one).toString())
              .replace(PLACES.getLast(), network.owner(other).toString());
      Files.writeString(to.resolve(example.getFileName()), text);
    }
    return to;
  }
}
