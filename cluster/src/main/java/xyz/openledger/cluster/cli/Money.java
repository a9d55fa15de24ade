package xyz.openledger.cluster.cli;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * OPEN as people read and type it: exact to the nano-OPEN, with its unit.
 *
 * @param nanoOpen the amount in 10^-9 OPEN
 */
public record Money(long nanoOpen) {
  private static final int DECIMALS = 9;
  private static final Pattern FORM = Pattern.compile("[0-9]{1,10}(\\.[0-9]{1,9})?");

  /** {@code 0.003100000 OPEN}. */
  public static String text(long nanoOpen) {
    return BigDecimal.valueOf(nanoOpen, DECIMALS).toPlainString() + " OPEN";
  }

  /** Reads {@code 12}, {@code 12.5}, {@code 0.000000001}; anything else is refused. */
  public static Money parse(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new TypeConversionException(
          "'%s' is no amount of OPEN; write it as 12.5, with at most 9 decimals".formatted(text));
    }
    try {
      return new Money(new BigDecimal(text).movePointRight(DECIMALS).longValueExact());
    } catch (ArithmeticException tooMuch) {
      throw new TypeConversionException("'%s' is more OPEN than there is".formatted(text));
    }
  }

  @Override
  public String toString() {
    return text(nanoOpen);
  }

  static final class Converter implements ITypeConverter<Money> {
    @Override
    public Money convert(String text) {
      return parse(text);
    }
  }
}
