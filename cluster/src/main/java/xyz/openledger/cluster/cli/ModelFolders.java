package xyz.openledger.cluster.cli;

import java.nio.file.Path;

/** Where the models are that ship with the product. */
final class ModelFolders {
  private ModelFolders() {}

  /** The tiny base. */
  static Path tiny() {
    return home().resolve("examples/models/tiny");
  }

  /** An adapter of it, by its name. */
  static Path adapter(String name) {
    return home().resolve("examples/models/adapters").resolve(name);
  }

  private static Path home() {
    return Path.of(System.getProperty("openledger.home", ".")).toAbsolutePath().normalize();
  }
}
