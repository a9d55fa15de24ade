package xyz.openledger.cluster.cli;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The world around a command, so that tests can give it another.
 *
 * @param out for data
 * @param err for progress and errors
 * @param environment variables
 * @param workingDirectory what relative file names start from
 * @param projectHome where the program was built, or absent
 * @param terminal whether a person watches
 */
public record Shell(
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path workingDirectory,
    @Nullable Path projectHome,
    boolean terminal) {
  private static final String HOME_PROPERTY = "openledger.home";

  /** The one that this process was started from. */
  public static Shell system() {
    String home = System.getProperty(HOME_PROPERTY);
    return new Shell(
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        System.getenv(),
        Path.of("").toAbsolutePath(),
        home == null ? null : Path.of(home),
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false));
  }

  /** Whether colour is welcome: a person watches and did not ask for none (no-color.org). */
  public boolean colour() {
    return terminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  /** A variable's value, or absent if it is not set or blank. */
  public @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** A file as the user named it. */
  public Path resolve(Path file) {
    return workingDirectory.resolve(file).normalize();
  }

  /** Says something that is not data. */
  public void note(String line) {
    err.println(Text.printable(line));
  }
}
