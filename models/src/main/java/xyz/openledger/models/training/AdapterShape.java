package xyz.openledger.models.training;

import java.util.EnumSet;
import java.util.Set;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.files.Refused;
import xyz.openledger.nativekernels.strict.StrictProducts;

/**
 * What an adapter adds: {@code alpha / rank · B · A · x} to what each of its target matrices says.
 */
public record AdapterShape(int rank, float alpha, Set<Projection> targets) {
  /** Refuses ranks that no kernel serves. */
  public AdapterShape {
    if (rank < 1 || rank > StrictProducts.RANK_MAX) {
      throw Refused.because(
          "rank", "is %d, not between 1 and %d".formatted(rank, StrictProducts.RANK_MAX));
    }
    if (!(alpha > 0) || !Float.isFinite(alpha)) {
      throw Refused.because("alpha", "is " + alpha + ", not above 0");
    }
    if (targets.isEmpty()) {
      throw Refused.because("targets", "are none");
    }
    targets = java.util.Collections.unmodifiableSet(EnumSet.copyOf(targets));
  }

  /** By what its product is multiplied. */
  public float scale() {
    return alpha / rank;
  }
}
