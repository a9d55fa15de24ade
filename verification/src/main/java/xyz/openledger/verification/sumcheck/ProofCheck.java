package xyz.openledger.verification.sumcheck;

import xyz.openledger.protocol.Outcome;
import xyz.openledger.verification.freivalds.TraceCheck;
import xyz.openledger.verification.matmul.Network;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.Shows;

/**
 * Whether an outcome is the one of its task, from the proofs that its products come with; all that
 * is no product is done again. The same for everyone who has the same bytes.
 */
public final class ProofCheck {
  private ProofCheck() {}

  /** Checks an outcome of which {@code output} is the output. */
  public static TraceCheck.Found of(NetworkTask task, Outcome outcome, byte[] output) {
    return TraceCheck.by(
        Shows.PROOF,
        task,
        outcome,
        output,
        (product, _, from, claimed, proof) ->
            proof != null && SumCheck.verify(ProvenRun.statement(product, from, claimed), proof));
  }

  /** The bytes of all proofs of a task. */
  public static int proofBytes(NetworkTask task) {
    int bytes = 0;
    for (Operator operator : task.network().operators()) {
      if (operator instanceof Operator.Product product) {
        bytes += SumCheck.ROUND_BYTES * ProductStatement.log2(product.inner());
      }
    }
    return bytes;
  }

  /**
   * The bound on the chance that a wrong outcome passes, as a power of two, for each output that
   * its maker tries: with a, b, c the binary logarithms of a product's sides, (a + c + 2b) / (2^61
   * - 1), summed over the products.
   */
  public static int errorLog2(Network network, int rows) {
    long chances = 0;
    for (Operator operator : network.operators()) {
      if (operator instanceof Operator.Product product) {
        chances +=
            ProductStatement.log2(rows)
                + ProductStatement.log2(product.columns())
                + 2L * ProductStatement.log2(product.inner());
      }
    }
    return Long.SIZE - Long.numberOfLeadingZeros(chances) - 61;
  }
}
