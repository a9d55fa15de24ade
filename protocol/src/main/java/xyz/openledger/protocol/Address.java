package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An account on the chain: {@code 0x} and 40 hex digits, kept in lower case. Nodes belong to one,
 * payouts go to one.
 */
public record Address(String value) implements Comparable<Address> {
  /** The length in bytes. */
  public static final int BYTES = 20;

  private static final Pattern FORM = Pattern.compile("0x[0-9a-f]{40}");

  /** Checks the form and folds the case. */
  public Address {
    value = value.toLowerCase(Locale.ROOT);
    if (!FORM.matcher(value).matches()) {
      throw new ProblemException(
          Problem.INVALID_REQUEST,
          "address",
          "expected 0x and 40 hex digits, got " + value.substring(0, Math.min(80, value.length())));
    }
  }

  /** Reads an address in any case; checksums in the case are not judged. */
  @JsonCreator
  public static Address parse(String text) {
    return new Address(text);
  }

  /** The address with these 20 bytes. */
  public static Address of(byte[] bytes) {
    return new Address("0x" + HexFormat.of().formatHex(bytes));
  }

  /** The 20 bytes. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(value, 2, value.length());
  }

  @Override
  public int compareTo(Address other) {
    return value.compareTo(other.value);
  }

  @JsonValue
  @Override
  public String toString() {
    return value;
  }
}
