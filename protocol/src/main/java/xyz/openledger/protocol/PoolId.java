package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A pool of nodes with terms of its own. */
public record PoolId(String value) implements Comparable<PoolId> {
  static final String KIND = "pool";

  /** Checks the form {@code pool-<26 base32 letters>}. */
  public PoolId {
    Identifiers.check(KIND, value);
  }

  /** Reads {@code pool-…}; refuses anything else with {@code invalid-request}. */
  @JsonCreator
  public static PoolId parse(String text) {
    return new PoolId(text);
  }

  /** The 16 bytes behind the letters. */
  public byte[] bytes() {
    return Identifiers.bytes(KIND, value);
  }

  @Override
  public int compareTo(PoolId other) {
    return value.compareTo(other.value);
  }

  @JsonValue
  @Override
  public String toString() {
    return value;
  }

  /** The id of the pool that {@code operator} calls {@code name}. */
  public static PoolId of(String operator, String name) {
    return new PoolId(
        Identifiers.of(KIND, Domain.of("pool-id").text(operator).text(name).digest()));
  }
}
