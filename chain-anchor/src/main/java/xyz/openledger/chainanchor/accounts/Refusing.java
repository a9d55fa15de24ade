package xyz.openledger.chainanchor.accounts;

import java.io.Serial;
import java.util.regex.Pattern;
import xyz.openledger.chainanchor.accounts.LedgerRefusal.Reason;

/** Leaves a rule early with a refusal, and the checks that do; caught by {@link Books#decide}. */
final class Refusing extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;
  private static final int ID_LENGTH_MAX = 200;
  private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-f]{40}");

  private final transient LedgerRefusal refusal;

  Refusing(Reason reason, String field, String detail) {
    super(detail, null, false, false);
    this.refusal = new LedgerRefusal(reason, field, detail);
  }

  LedgerRefusal refusal() {
    return refusal;
  }

  /** The first answer if the repeat asks for the same; a refusal if it asks for something else. */
  static Decision repeat(LedgerEvent first, boolean same, String field, String id) {
    if (same) {
      return new Decision.Repeated(first);
    }
    throw new Refusing(
        Reason.CONFLICTING_REPEAT, field, id + " came before with other content: " + brief(first));
  }

  private static String brief(LedgerEvent event) {
    String text = event.toString();
    return text.length() <= 300 ? text : text.substring(0, 300) + "…";
  }

  static Refusing insufficient(String tenant, long available, long needed) {
    return new Refusing(
        Reason.INSUFFICIENT_BALANCE,
        "amountNanoOpen",
        "%s has %d nano-OPEN available, %d are needed; deposit %d more"
            .formatted(tenant, available, needed, needed - available));
  }

  static void id(String field, String value) {
    if (value.isBlank() || value.length() > ID_LENGTH_MAX) {
      throw new Refusing(
          Reason.MALFORMED, field, "must have 1 to %d characters".formatted(ID_LENGTH_MAX));
    }
  }

  static void text(String field, String value, int lengthMax) {
    if (value.isBlank() || value.length() > lengthMax) {
      throw new Refusing(
          Reason.MALFORMED, field, "must have 1 to %d characters".formatted(lengthMax));
    }
  }

  static void address(String field, String value) {
    if (!ADDRESS.matcher(value).matches()) {
      throw new Refusing(
          Reason.MALFORMED, field, "must be 0x and 40 lower-case hex digits, is " + value);
    }
  }

  static void amount(String field, long value) {
    if (value < 1 || value > Books.SUPPLY_NANO_OPEN) {
      throw new Refusing(
          Reason.MALFORMED,
          field,
          "must be 1 to %d nano-OPEN, is %d".formatted(Books.SUPPLY_NANO_OPEN, value));
    }
  }
}
