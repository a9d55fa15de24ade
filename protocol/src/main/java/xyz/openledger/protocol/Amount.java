package xyz.openledger.protocol;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amounts as people write them, read exactly into the whole numbers that are stored: {@code 0.5
 * OPEN}, {@code PT10M}, {@code 16Gi}. What cannot be read exactly is refused with the right form.
 */
public final class Amount {
  private static final BigDecimal NANO_OPEN = BigDecimal.valueOf(1_000_000_000L);
  private static final BigDecimal OPEN_MAX = BigDecimal.valueOf(1_000_000_000L);
  private static final int LETTERS_MAX = 40;

  private static final Pattern MONEY = Pattern.compile("(-?)([0-9]+(?:\\.[0-9]+)?)\\s*(\\S.*)?");
  private static final Pattern QUANTITY =
      Pattern.compile("(-?)([0-9]+(?:\\.[0-9]+)?)\\s*([A-Za-z]*)");

  private static final Map<String, BigDecimal> MULTIPLES =
      Map.ofEntries(
          Map.entry("m", new BigDecimal("0.001")),
          Map.entry("", BigDecimal.ONE),
          Map.entry("k", BigDecimal.TEN.pow(3)),
          Map.entry("M", BigDecimal.TEN.pow(6)),
          Map.entry("G", BigDecimal.TEN.pow(9)),
          Map.entry("T", BigDecimal.TEN.pow(12)),
          Map.entry("P", BigDecimal.TEN.pow(15)),
          Map.entry("Ki", BigDecimal.TWO.pow(10)),
          Map.entry("Mi", BigDecimal.TWO.pow(20)),
          Map.entry("Gi", BigDecimal.TWO.pow(30)),
          Map.entry("Ti", BigDecimal.TWO.pow(40)),
          Map.entry("Pi", BigDecimal.TWO.pow(50)));

  private Amount() {}

  /** {@code 0.5 OPEN} as nano-OPEN. */
  public static long nanoOpen(String field, String text) {
    Matcher form = MONEY.matcher(checked(field, text));
    if (!form.matches()) {
      throw Check.refusal(field, "expected an amount such as 0.5 OPEN, got " + text);
    }
    String unit = form.group(3) == null ? "" : form.group(3).strip();
    if (!unit.equals("OPEN")) {
      throw Check.refusal(
          field,
          unit.isEmpty()
              ? "has no unit; write %s OPEN".formatted(text.strip())
              : "'%s' is no unit of money here; write it in OPEN, such as 0.5 OPEN"
                  .formatted(unit));
    }
    if (!form.group(1).isEmpty()) {
      throw Check.refusal(field, "money is never negative, got " + text);
    }
    BigDecimal open = new BigDecimal(form.group(2));
    if (open.compareTo(OPEN_MAX) > 0) {
      throw Check.refusal(field, text + " is more than all there is, 1000000000 OPEN");
    }
    BigDecimal nano = open.multiply(NANO_OPEN).stripTrailingZeros();
    if (nano.scale() > 0) {
      throw Check.refusal(field, text + " has more than 9 decimals; 0.000000001 OPEN is the least");
    }
    return nano.longValueExact();
  }

  /** {@code PT10M} as a duration; between nothing and a year. */
  public static Duration duration(String field, String text) {
    try {
      Duration duration = Duration.parse(checked(field, text).strip());
      if (duration.isNegative()) {
        throw Check.refusal(field, "a duration here is never negative, got " + text);
      }
      if (duration.toDays() > 366) {
        throw Check.refusal(field, text + " is longer than a year");
      }
      return duration;
    } catch (DateTimeException | ArithmeticException malformed) {
      throw Check.refusal(
          field,
          "expected a duration in the form of ISO 8601, such as PT10M for ten minutes or PT0.5S"
              + " for half a second, got "
              + text);
    }
  }

  /** {@code 16Gi} as a whole number, the suffixes being those of Kubernetes. */
  public static long quantity(String field, String text) {
    Matcher form = QUANTITY.matcher(checked(field, text).strip());
    BigDecimal multiple = form.matches() ? MULTIPLES.get(form.group(3)) : null;
    if (multiple == null) {
      throw Check.refusal(
          field,
          "expected a quantity such as 16Gi, with one of m, k, M, G, T, P, Ki, Mi, Gi, Ti, Pi; got "
              + text);
    }
    if (!form.group(1).isEmpty()) {
      throw Check.refusal(field, "a quantity is never negative, got " + text);
    }
    BigDecimal whole = new BigDecimal(form.group(2)).multiply(multiple).stripTrailingZeros();
    if (whole.scale() > 0) {
      throw Check.refusal(
          field, "%s is %s, no whole number".formatted(text, whole.toPlainString()));
    }
    if (whole.precision() - whole.scale() > 19
        || whole.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw Check.refusal(field, text + " is more than 63 bits hold");
    }
    return whole.longValueExact();
  }

  private static String checked(String field, String text) {
    return Check.text(field, text, LETTERS_MAX);
  }
}
