package xyz.openledger.models.recipe;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folders that ship, found from wherever tests run. */
final class Shipped {
  static final Path MODELS = folder();
  static final Path TINY = MODELS.resolve("tiny");
  static final Path ADAPTERS = MODELS.resolve("adapters");

  private Shipped() {}

  private static Path folder() {
    Path up = Path.of("").toAbsolutePath();
    while (up != null && !Files.isDirectory(up.resolve("examples/models"))) {
      up = up.getParent();
    }
    if (up == null) {
      throw new IllegalStateException("no examples/models above " + Path.of("").toAbsolutePath());
    }
    return up.resolve("examples/models");
  }
}
