package xyz.openledger.verification;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Commitment;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt.SignedStatement;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * Checks what nodes reveal, each for its lease and its commitment. The batch it came in has been
 * checked for its signature then: {@link xyz.openledger.protocol.session.RevealBatch#isSignedBy}.
 */
public final class Reveals {
  private static final Finding OK = new Finding.Ok();

  private Reveals() {}

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

  private static List<Digest> leaves(SignedBatch batch) {
    return batch.reveals().stream().map(reveal -> reveal.statement().leafHash()).toList();
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
