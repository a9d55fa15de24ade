package xyz.openledger.cluster.cli.doctor;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * What one look came to.
 *
 * @param check what was looked at
 * @param detail what was seen
 * @param fix a command or a sentence that helps; empty if all is well
 */
public record Finding(String check, Level level, String detail, String fix) {

  /** How bad it is. */
  public enum Level {
    /** As it should be. */
    OK,
    /** Works, and could be better; or is not needed for everything. */
    WARNING,
    /** Something will not work. */
    FAILURE;

    /** As it is written: lower case. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As it should be. */
  public static Finding ok(String check, String detail) {
    return new Finding(check, Level.OK, detail, "");
  }

  /** Could be better. */
  public static Finding warning(String check, String detail, String fix) {
    return new Finding(check, Level.WARNING, detail, fix);
  }

  /** Will not work. */
  public static Finding failure(String check, String detail, String fix) {
    return new Finding(check, Level.FAILURE, detail, fix);
  }
}
