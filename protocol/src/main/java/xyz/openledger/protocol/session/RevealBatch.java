package xyz.openledger.protocol.session;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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

  /**
   * Signs reveals together.
   *
   * @param tasks the task identity of each reveal, in the same order
   */
  public static RevealBatch sign(
      List<Reveal> reveals,
      List<Digest> tasks,
      NodeId node,
      ResultStatement.Court court,
      Secp256k1Key key) {
    var statements = new ArrayList<ResultStatement>();
    for (int i = 0; i < reveals.size(); i++) {
      statements.add(reveals.get(i).statement(tasks.get(i)));
    }
    Digest root = ResultStatement.root(statements);
    byte[] signature = key.sign(ResultStatement.hash(court, node, root, reveals.size()));
    return new RevealBatch(reveals, root, ByteString.copyFrom(signature));
  }

  /** Whether the holder of {@code resultKey} signed the root. */
  public boolean isSignedBy(Address resultKey, NodeId node, ResultStatement.Court court) {
    return ResultStatement.signer(court, node, root, reveals.size(), signature.toByteArray())
        .equals(Optional.of(resultKey));
  }

  /**
   * The statements that were signed, if the root is theirs.
   *
   * @param task the task identity of a replica, as whoever granted the lease knows it; empty for an
   *     unknown one
   * @return empty if a replica is unknown or the root is another's: the signature then covers
   *     something else
   */
  public Optional<List<ResultStatement>> statements(Function<ReplicaId, Optional<Digest>> task) {
    var statements = new ArrayList<ResultStatement>();
    for (Reveal reveal : reveals) {
      task.apply(reveal.replica()).map(reveal::statement).ifPresent(statements::add);
    }
    return statements.size() == reveals.size() && ResultStatement.root(statements).equals(root)
        ? Optional.of(statements)
        : Optional.empty();
  }
}
