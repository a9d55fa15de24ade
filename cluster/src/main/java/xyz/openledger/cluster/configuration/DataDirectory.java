package xyz.openledger.cluster.configuration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a network on this machine keeps what it knows: {@code .openledger/}. */
public final class DataDirectory {
  /** Its name where no other is given. */
  public static final String NAME = ".openledger";

  /** The variable that names another. */
  public static final String VARIABLE = "OPENLEDGER_DATA_DIR";

  private DataDirectory() {}

  /**
   * The directory to use: what was given, else what the environment says, else {@value #NAME} here
   * if it exists, else the one of the project.
   *
   * @param projectHome where the program was built, or absent
   */
  public static Path find(
      @Nullable Path given,
      Map<String, String> environment,
      Path workingDirectory,
      @Nullable Path projectHome) {
    if (given != null) {
      return workingDirectory.resolve(given).normalize();
    }
    String named = environment.get(VARIABLE);
    if (named != null && !named.isBlank()) {
      return workingDirectory.resolve(named).normalize();
    }
    Path here = workingDirectory.resolve(NAME);
    return projectHome == null || Files.isDirectory(here) ? here : projectHome.resolve(NAME);
  }
}
