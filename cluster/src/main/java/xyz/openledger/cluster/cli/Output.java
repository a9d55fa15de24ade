package xyz.openledger.cluster.cli;

import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import xyz.openledger.protocol.json.Json;

/** How a command prints what it found. */
public class Output {
  /** The forms. */
  public enum Format {
    /** For people. */
    TABLE,
    /** For programs. */
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      converter = FormatConverter.class,
      description = "table (default) or json")
  Format format = Format.TABLE;

  private final Shell shell;

  /** Prints to {@code shell}. */
  public Output(Shell shell) {
    this.shell = shell;
  }

  /** The world around the command. */
  public final Shell shell() {
    return shell;
  }

  /** Whether a program reads it. */
  public final boolean json() {
    return format == Format.JSON;
  }

  /**
   * Prints data.
   *
   * @param value for programs
   * @param text for people; ended lines, or none
   */
  public final void print(Object value, Supplier<String> text) {
    if (json()) {
      shell.out().println(Json.pretty(value));
    } else {
      shell.out().print(text.get());
    }
    shell.out().flush();
  }

  static final class FormatConverter implements ITypeConverter<Format> {
    @Override
    public Format convert(String text) {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "table" -> Format.TABLE;
        case "json" -> Format.JSON;
        default -> throw new TypeConversionException("'" + text + "' is neither table nor json");
      };
    }
  }
}
