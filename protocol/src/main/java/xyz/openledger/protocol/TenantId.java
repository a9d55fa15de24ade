package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** Whose work and whose account: 1 to 63 of {@code a-z 0-9 -}, starting with a letter. */
public record TenantId(String value) implements Comparable<TenantId> {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  /** Checks the form. */
  public TenantId {
    if (!FORM.matcher(value).matches()) {
      throw new ProblemException(
          Problem.INVALID_REQUEST,
          "tenant",
          "expected 1 to 63 of a-z, 0-9 and -, starting with a letter, got "
              + value.substring(0, Math.min(80, value.length())));
    }
  }

  /** Reads a tenant's name. */
  @JsonCreator
  public static TenantId parse(String text) {
    return new TenantId(text);
  }

  /** The account's key in the escrow contract. */
  public Digest account() {
    return Domain.of("account").text(value).digest();
  }

  @Override
  public int compareTo(TenantId other) {
    return value.compareTo(other.value);
  }

  @JsonValue
  @Override
  public String toString() {
    return value;
  }
}
