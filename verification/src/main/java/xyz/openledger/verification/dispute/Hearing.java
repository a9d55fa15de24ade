package xyz.openledger.verification.dispute;

import java.util.List;
import xyz.openledger.verification.matmul.Network;
import xyz.openledger.verification.matmul.OperatorFacts;
import xyz.openledger.verification.matmul.Tensor;

/** A dispute between two parties that both answer at once, from its opening to its verdict. */
public final class Hearing {
  private static final Terms TERMS = new Terms(60_000, 0);

  private Hearing() {}

  /** Plays it; the parties' roots must differ. */
  public static Dispute of(Party claimant, Party challenger) {
    Dispute dispute = Dispute.open(claimant.matter(), TERMS, claimant.root(), challenger.root(), 0);
    while (dispute.query() != null) {
      Query query = dispute.query();
      dispute =
          dispute
              .answer(Side.CLAIMANT, claimant.answer(query), 0)
              .answer(Side.CHALLENGER, challenger.answer(query), 0);
    }
    return dispute;
  }

  /** The most rounds that a dispute about a network can take. */
  public static int roundsMax(Network network, int rows) {
    int most = 0;
    List<OperatorFacts> facts = OperatorFacts.of(network);
    for (OperatorFacts operator : facts) {
      int tiles = (rows * operator.outColumns() + Tensor.TILE - 1) / Tensor.TILE;
      most = Math.max(most, log2(tiles) + log2(Fold.chunks(operator)));
    }
    return log2(facts.size()) + most + 2;
  }

  private static int log2(int size) {
    return 32 - Integer.numberOfLeadingZeros(size - 1);
  }
}
