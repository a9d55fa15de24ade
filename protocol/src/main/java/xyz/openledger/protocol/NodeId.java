package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A contributed machine. Derived from its transport key. */
public record NodeId(String value) implements Comparable<NodeId> {
  static final String KIND = "node";

  /** Checks the form {@code node-<26 base32 letters>}. */
  public NodeId {
    Identifiers.check(KIND, value);
  }

  /** Reads {@code node-…}; refuses anything else with {@code invalid-request}. */
  @JsonCreator
  public static NodeId parse(String text) {
    return new NodeId(text);
  }

  /** The node with those 16 bytes, as a chain has them. */
  public static NodeId wrap(byte[] bytes) {
    return new NodeId(KIND + "-" + Base32.encode(bytes));
  }

  /** The 16 bytes behind the letters. */
  public byte[] bytes() {
    return Identifiers.bytes(KIND, value);
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @JsonValue
  @Override
  public String toString() {
    return value;
  }

  /** The id of the node with that Ed25519 transport key (32 bytes). */
  public static NodeId of(byte[] transportKey) {
    return new NodeId(Identifiers.of(KIND, Domain.of("node-id").bytes(transportKey).digest()));
  }
}
