package xyz.openledger.verification;

import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Receipt.DisputePlayed;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.dispute.Arbitration;
import xyz.openledger.verification.dispute.Claim;
import xyz.openledger.verification.dispute.Side;
import xyz.openledger.verification.freivalds.TraceCheck;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Shows;
import xyz.openledger.verification.sumcheck.ProofCheck;

/** What a member finds on an outcome of a network, in the words of a receipt. */
public final class ProductFindings {
  private ProductFindings() {}

  /** The claimed bound on the chance that a wrong outcome passes, as a power of two. */
  public static int errorLog2(NetworkTask task) {
    return task.shows() == Shows.PROOF
        ? ProofCheck.errorLog2(task.network(), Math.max(1, task.rows()))
        : TraceCheck.ERROR_LOG2;
  }

  /** Checks an outcome by itself: by its proofs where it has them, else by its trace. */
  public static ProductCheck of(Digest identity, NetworkTask task, Outcome outcome, byte[] output) {
    boolean proofs = task.shows() == Shows.PROOF;
    Integer proofBytes = proofs ? (Integer) ProofCheck.proofBytes(task) : null;
    TraceCheck.Found found =
        proofs
            ? ProofCheck.of(task, outcome, output)
            : TraceCheck.of(identity, task, outcome, output);
    return switch (found) {
      case TraceCheck.Found.Holds(int products) ->
          new ProductCheck(true, products, errorLog2(task), "", null, proofBytes);
      case TraceCheck.Found.Refuted(String reason) ->
          new ProductCheck(false, 0, errorLog2(task), reason, null, proofBytes);
    };
  }

  /** Plays the dispute of an outcome with one that was there before; it is that of the claimant. */
  public static ProductCheck dispute(
      Digest identity, NetworkTask task, Claim mine, ReplicaId rival, Claim other) {
    Arbitration.Award award = Arbitration.of(identity, task, other, mine);
    boolean holds = award.stands(Side.CHALLENGER);
    return new ProductCheck(
        holds,
        holds ? award.products() : 0,
        errorLog2(task),
        award.reason(),
        new DisputePlayed(rival, award.stands(Side.CLAIMANT), award.rounds(), award.roundsMax()),
        null);
  }
}
