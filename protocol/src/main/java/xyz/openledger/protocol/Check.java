package xyz.openledger.protocol;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The checks that records make of their own fields. Each refusal names the field and says what
 * would be right.
 */
public final class Check {
  private Check() {}

  /** Answers {@code value} if it lies in {@code min..max}. */
  public static int range(String field, int value, int min, int max) {
    range(field, (long) value, min, max);
    return value;
  }

  /** Answers {@code value} if it lies in {@code min..max}. */
  public static long range(String field, long value, long min, long max) {
    if (value < min || value > max) {
      throw refusal(field, "must be %d to %d, is %d".formatted(min, max, value));
    }
    return value;
  }

  /** Answers {@code value} if it is there. */
  public static <T> T present(String field, @Nullable T value) {
    if (value == null) {
      throw refusal(field, "is missing");
    }
    return value;
  }

  /** Answers {@code value} if it is there and at most {@code max} characters long. */
  public static String text(String field, @Nullable String value, int max) {
    String text = present(field, value);
    if (text.length() > max) {
      throw refusal(field, "may have %d characters, has %d".formatted(max, text.length()));
    }
    return text;
  }

  /** Answers {@code value} if it has {@code min..max} elements. */
  public static <T extends Collection<?>> T size(String field, T value, int min, int max) {
    if (value.size() < min || value.size() > max) {
      throw refusal(field, "must have %d to %d elements, has %d".formatted(min, max, value.size()));
    }
    return value;
  }

  /** A refusal of {@code field}. */
  public static ProblemException refusal(String field, String detail) {
    return new ProblemException(Problem.INVALID_REQUEST, field, detail);
  }
}
