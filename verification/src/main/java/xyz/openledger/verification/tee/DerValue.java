package xyz.openledger.verification.tee;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** What AMD puts into its certificates: small numbers and the bytes of a chip's name. */
final class DerValue {
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;

  private DerValue() {}

  /** The bytes of an extension, out of the string that every extension is. */
  static byte[] octets(byte @Nullable [] extension, String check) throws Refusal {
    if (extension == null) {
      throw new Refusal(check, "the certificate does not say it");
    }
    return contents(extension, OCTETS, check);
  }

  /** Bytes of a known length, which stand there as they are, or in a string of their own. */
  static byte[] name(byte @Nullable [] extension, int length, String check) throws Refusal {
    byte[] value = octets(extension, check);
    return value.length == length ? value : contents(value, OCTETS, check);
  }

  static int integer(byte @Nullable [] extension, String check) throws Refusal {
    byte[] number = contents(octets(extension, check), INTEGER, check);
    Refusal.unless(number.length >= 1 && number.length <= 2, check, "not a security version");
    return new BigInteger(number).intValue();
  }

  private static byte[] contents(byte[] value, int tag, String check) throws Refusal {
    // Short forms alone: what is read here has fewer than 128 bytes.
    Refusal.unless(
        value.length >= 2 && value[0] == tag && value[1] >= 0 && value[1] == value.length - 2,
        check,
        "the certificate's extension cannot be read");
    return java.util.Arrays.copyOfRange(value, 2, value.length);
  }
}
