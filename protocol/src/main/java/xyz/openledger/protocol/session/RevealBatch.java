package xyz.openledger.protocol.session;

import com.google.protobuf.ByteString;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * Reveals under one signature.
 *
 * @param root over the statements of the reveals, in order
 * @param signature of the node's result key over the root; 65 bytes
 */
public record RevealBatch(List<Reveal> reveals, Digest root, ByteString signature) {

  /** Checks the size, and that no replica is there twice. */
  public RevealBatch {
    reveals = List.copyOf(Check.size("reveals", reveals, 1, ResultStatement.BATCH_MAX));
    Check.range("signature", signature.size(), 65, 65);
    var seen = new HashSet<ReplicaId>();
    for (Reveal reveal : reveals) {
      if (!seen.add(reveal.replica())) {
        throw Check.refusal("reveals", reveal.replica() + " is there twice");
      }
    }
  }

  /** Signs reveals together. */
  public static RevealBatch sign(
      List<Reveal> reveals, NodeId node, ResultStatement.Court court, Secp256k1Key key) {
    Digest root = root(reveals);
    byte[] signature = key.sign(ResultStatement.hash(court, node, root, reveals.size()));
    return new RevealBatch(reveals, root, ByteString.copyFrom(signature));
  }

  /** Whether the holder of {@code resultKey} signed just these reveals. */
  public boolean isSignedBy(Address resultKey, NodeId node, ResultStatement.Court court) {
    return root(reveals).equals(root)
        && ResultStatement.signer(court, node, root, reveals.size(), signature.toByteArray())
            .equals(Optional.of(resultKey));
  }

  private static Digest root(List<Reveal> reveals) {
    return ResultStatement.root(reveals.stream().map(Reveal::statement).toList());
  }
}
