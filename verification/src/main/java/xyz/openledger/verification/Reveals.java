package xyz.openledger.verification;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Commitment;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt.SignedStatement;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.ResultStatement.Court;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * Checks what nodes reveal: a batch once for its signature, each reveal for its lease and its
 * commitment, and later, in a receipt, one statement on its own.
 */
public final class Reveals {
  private static final Finding OK = new Finding.Ok();

  private Reveals() {}

  /**
   * Whether the node signed exactly these reveals. Costs one signature recovery, however many they
   * are.
   *
   * @param resultAddress the address of the node's registered result key
   */
  public static Finding batch(Court court, Address resultAddress, SignedBatch batch) {
    List<Reveal> reveals = batch.reveals();
    if (reveals.isEmpty() || reveals.size() > ResultStatement.BATCH_MAX) {
      return refused(
          Problem.PROTOCOL_VIOLATION,
          "a batch has 1 to %d reveals, this has %d"
              .formatted(ResultStatement.BATCH_MAX, reveals.size()));
    }
    Set<ReplicaId> seen = new HashSet<>();
    for (Reveal reveal : reveals) {
      if (!seen.add(reveal.replica())) {
        return refused(Problem.PROTOCOL_VIOLATION, reveal.replica() + " stands twice in one batch");
      }
    }
    Digest root = MerkleTree.root(leaves(batch));
    if (!root.equals(batch.root())) {
      return refused(
          Problem.DIGEST_MISMATCH,
          "the reveals have the root %s, the batch says %s".formatted(root, batch.root()));
    }
    return signed(court, batch.node(), resultAddress, root, reveals.size(), batch.signature());
  }

  /** Whether a reveal of a good batch fits the lease it is for. */
  public static Finding reveal(Reveal.Expected expected, Reveal reveal) {
    Outcome outcome = reveal.outcome();
    if (!reveal.replica().equals(expected.replica())) {
      return refused(Problem.NOT_FOUND, "there is no lease for " + reveal.replica());
    }
    if (reveal.fence() != expected.fence()) {
      return refused(
          Problem.STALE_FENCE,
          "the lease has fence %d, the reveal %d".formatted(expected.fence(), reveal.fence()));
    }
    if (!reveal.task().equals(expected.task())) {
      return refused(
          Problem.CODE_MISMATCH,
          "the lease is for task %s, the statement for %s"
              .formatted(expected.task(), reveal.task()));
    }
    String excess = excess(expected, outcome);
    if (excess != null) {
      return refused(Problem.PROTOCOL_VIOLATION, excess);
    }
    return expected.commitment() == null
            || expected.commitment().equals(commitment(expected, reveal))
        ? OK
        : refused(Problem.DIGEST_MISMATCH, "the reveal does not fit its commitment");
  }

  /** What a receipt keeps of a good batch: for each reveal, its way to the signed root. */
  public static List<SignedStatement> statements(SignedBatch batch) {
    List<List<Digest>> proofs = MerkleTree.inclusionProofs(leaves(batch));
    var statements = new ArrayList<SignedStatement>(proofs.size());
    for (int i = 0; i < proofs.size(); i++) {
      statements.add(
          new SignedStatement(batch.root(), proofs.size(), i, proofs.get(i), batch.signature()));
    }
    return statements;
  }

  /** Whether a node signed that one statement; needs nothing but the receipt and its address. */
  public static Finding statement(
      Court court,
      NodeId node,
      Address resultAddress,
      ResultStatement statement,
      SignedStatement signed) {
    return statement(court, node, resultAddress, statement, signed, MerkleTree::verifyInclusion);
  }

  /** The same with another check of the proof: tests show with it that a wrong one is caught. */
  static Finding statement(
      Court court,
      NodeId node,
      Address resultAddress,
      ResultStatement statement,
      SignedStatement signed,
      Inclusion inclusion) {
    if (signed.count() < 1
        || signed.count() > ResultStatement.BATCH_MAX
        || !inclusion.holds(
            statement.leafHash(), signed.index(), signed.count(), signed.proof(), signed.root())) {
      return refused(
          Problem.DIGEST_MISMATCH, "%s is not under its root".formatted(statement.replica()));
    }
    return signed(court, node, resultAddress, signed.root(), signed.count(), signed.signature());
  }

  /** Whether a leaf is under a root. */
  @FunctionalInterface
  interface Inclusion {
    boolean holds(Digest leaf, long index, long size, List<Digest> proof, Digest root);
  }

  private static List<Digest> leaves(SignedBatch batch) {
    return batch.reveals().stream().map(reveal -> reveal.statement().leafHash()).toList();
  }

  private static Finding signed(
      Court court, NodeId node, Address resultAddress, Digest root, int count, String signature) {
    byte[] bytes;
    try {
      bytes = HexFormat.of().parseHex(signature);
    } catch (IllegalArgumentException _) {
      return refused(Problem.BAD_SIGNATURE, "the signature is not hex");
    }
    var signer = ResultStatement.signer(court, node, root, count, bytes);
    if (signer.isEmpty()) {
      return refused(Problem.BAD_SIGNATURE, "the signature is malformed");
    }
    return signer.get().equals(resultAddress)
        ? OK
        : refused(
            Problem.BAD_SIGNATURE,
            "signed by %s, the node's result key is %s".formatted(signer.get(), resultAddress));
  }

  /** What no honest run can come to, and what would cost more than the lease reserved. */
  private static @Nullable String excess(Reveal.Expected expected, Outcome outcome) {
    if (outcome.fuelUsed() < 0 || outcome.fuelUsed() > expected.fuelMax()) {
      return "used %d of %d fuel".formatted(outcome.fuelUsed(), expected.fuelMax());
    }
    if (outcome.outputBytes() < 0 || outcome.outputBytes() > expected.outputMaxBytes()) {
      return "wrote %d of %d bytes".formatted(outcome.outputBytes(), expected.outputMaxBytes());
    }
    return outcome.status() != Outcome.Status.FINISHED && outcome.exitCode() != 0
        ? "ended as %s with an exit code".formatted(outcome.status())
        : null;
  }

  private static Digest commitment(Reveal.Expected expected, Reveal reveal) {
    return Commitment.of(
        reveal.replica(), expected.node(), reveal.outcome().digest(), reveal.salt().bytes());
  }

  private static Finding refused(Problem problem, String reason) {
    return new Finding.Refused(problem, reason);
  }
}
