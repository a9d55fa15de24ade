package xyz.openledger.protocol.session;

import com.google.protobuf.ByteString;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * How a machine asks to become a node.
 *
 * @param claimToken the single-use secret of the claim code
 * @param transportKey Ed25519, 32 bytes
 * @param resultKey secp256k1, 33 bytes compressed
 */
public record EnrolApplication(
    String claimToken,
    ByteString transportKey,
    ByteString resultKey,
    Inventory inventory,
    Benchmark benchmark,
    Terms terms) {
  /** Checks the ranges. */
  public EnrolApplication {
    Check.text("claimToken", claimToken, 128);
    Check.range("transportKey", transportKey.size(), 32, 32);
    Check.range("resultKey", resultKey.size(), 33, 33);
  }

  /** The id that the machine will have. */
  public NodeId node() {
    return NodeId.of(transportKey.toByteArray());
  }

  /** The chain address that its results will be signed by. */
  public Address resultAddress() {
    return Secp256k1Key.address(resultKey.toByteArray());
  }
}
