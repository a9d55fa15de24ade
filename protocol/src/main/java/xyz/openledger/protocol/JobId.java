package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A job. Derived from the tenant and its Idempotency-Key, so that a repeat reaches the same job.
 */
public record JobId(String value) implements Comparable<JobId> {
  static final String KIND = "job";

  /** Checks the form {@code job-<26 base32 letters>}. */
  public JobId {
    Identifiers.check(KIND, value);
  }

  /** Reads {@code job-…}; refuses anything else with {@code invalid-request}. */
  @JsonCreator
  public static JobId parse(String text) {
    return new JobId(text);
  }

  /** The 16 bytes behind the letters. */
  public byte[] bytes() {
    return Identifiers.bytes(KIND, value);
  }

  @Override
  public int compareTo(JobId other) {
    return value.compareTo(other.value);
  }

  @JsonValue
  @Override
  public String toString() {
    return value;
  }

  /**
   * The id of what {@code tenant} submits under {@code idempotencyKey}; the same for every repeat.
   */
  public static JobId of(TenantId tenant, String idempotencyKey) {
    Digest digest = Domain.of("job-id").text(tenant.value()).text(idempotencyKey).digest();
    return new JobId(Identifiers.of(KIND, digest));
  }
}
