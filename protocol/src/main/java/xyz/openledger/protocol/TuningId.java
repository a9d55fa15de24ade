package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The training of an adapter. Derived from the tenant and its Idempotency-Key, so that a repeat
 * reaches the same one.
 */
public record TuningId(String value) implements Comparable<TuningId> {
  static final String KIND = "tune";

  /** Checks the form {@code tune-<26 base32 letters>}. */
  public TuningId {
    Identifiers.check(KIND, value);
  }

  /** Reads {@code tune-…}; refuses anything else with {@code invalid-request}. */
  @JsonCreator
  public static TuningId parse(String text) {
    return new TuningId(text);
  }

  /** The id of what a tenant begins under a key; the same for every repeat. */
  public static TuningId of(TenantId tenant, String idempotencyKey) {
    Digest digest = Domain.of("tuning-id").text(tenant.value()).text(idempotencyKey).digest();
    return new TuningId(Identifiers.of(KIND, digest));
  }

  @Override
  public int compareTo(TuningId other) {
    return value.compareTo(other.value);
  }

  @JsonValue
  @Override
  public String toString() {
    return value;
  }
}
