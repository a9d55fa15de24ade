package xyz.openledger.protocol.session;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.DateTimeException;
import java.time.LocalTime;
import xyz.openledger.protocol.Check;

/**
 * A time of day in which a machine wants no work, written {@code 22:00-07:00}. From is in, to is
 * out; a span whose end lies before its start passes midnight.
 */
public record QuietHours(LocalTime from, LocalTime to) {
  /** Checks that the span is not empty. */
  public QuietHours {
    if (from.equals(to)) {
      throw Check.refusal("quietHours", "start and end are the same: " + from);
    }
  }

  /** Reads {@code 22:00-07:00}; refuses anything else with {@code invalid-request}. */
  @JsonCreator
  public static QuietHours parse(String text) {
    String[] ends = text.split("-", -1);
    try {
      if (ends.length == 2) {
        return new QuietHours(LocalTime.parse(ends[0]), LocalTime.parse(ends[1]));
      }
    } catch (DateTimeException malformed) {
      // Said below, with what would be right.
    }
    throw Check.refusal("quietHours", "expected a span such as 22:00-07:00, got " + text);
  }

  /** Whether it is quiet at that time of day. */
  public boolean contains(LocalTime time) {
    boolean afterStart = !time.isBefore(from);
    boolean beforeEnd = time.isBefore(to);
    return from.isBefore(to) ? afterStart && beforeEnd : afterStart || beforeEnd;
  }

  @JsonValue
  @Override
  public String toString() {
    return from + "-" + to;
  }
}
