package xyz.openledger.cluster.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Values as people read them. */
public final class Text {
  private static final DateTimeFormatter ISO_LOCAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final int SHORT_ID_LETTERS = 8;

  private Text() {}

  /** A moment in the time zone of this machine, to the second. */
  public static String moment(long epochMillis) {
    return ISO_LOCAL.format(
        Instant.ofEpochMilli(epochMillis)
            .truncatedTo(ChronoUnit.SECONDS)
            .atZone(ZoneId.systemDefault()));
  }

  /** A duration in one or two units: {@code 840 ms}, {@code 12.3 s}, {@code 4 min 5 s}. */
  public static String duration(Duration duration) {
    long millis = Math.max(0, duration.toMillis());
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", Math.floor(millis / 100.0) / 10);
    }
    if (millis < 3_600_000) {
      return "%d min %d s".formatted(millis / 60_000, millis / 1_000 % 60);
    }
    if (millis < 86_400_000) {
      return "%d h %d min".formatted(millis / 3_600_000, millis / 60_000 % 60);
    }
    return "%d d %d h".formatted(millis / 86_400_000, millis / 3_600_000 % 24);
  }

  /** A size: {@code 512 B}, {@code 23.1 KiB}. */
  public static String bytes(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= 1024 && unit < BINARY.length - 1) {
      size /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", size, BINARY[unit]);
  }

  /** A count with separators: {@code 50,000,000}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** The start of an id: enough for people, and for us as a prefix as long as it is unique. */
  public static String shortId(String id) {
    int letters = id.indexOf('-') + 1 + SHORT_ID_LETTERS;
    return letters < id.length() ? id.substring(0, letters) : id;
  }

  /** The text, or as much of it as fits so many letters. */
  public static String shortened(String text, int lettersMax) {
    return text.codePointCount(0, text.length()) <= lettersMax
        ? text
        : text.substring(0, text.offsetByCodePoints(0, lettersMax - 1)).stripTrailing() + "…";
  }

  /** {@code a=1, b=2}, sorted. */
  public static String labels(Map<String, String> labels) {
    return labels.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(label -> label.getKey() + "=" + label.getValue())
        .collect(Collectors.joining(", "));
  }

  /** Comma-separated, or a dash for nothing. */
  public static String list(List<String> parts) {
    return parts.isEmpty() ? "-" : String.join(", ", parts);
  }

  /**
   * What came from elsewhere, fit for a terminal: control characters could move the cursor or
   * change its title.
   */
  public static String printable(String text) {
    return text.codePoints()
        .map(c -> c == '\n' || c == '\t' || !Character.isISOControl(c) ? c : '?')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Grams per kilowatt-hour as a node declared them; a dash if it did not. */
  static String carbon(int gramsPerKwh) {
    return gramsPerKwh == 0 ? "-" : Integer.toString(gramsPerKwh);
  }
}
