package xyz.openledger.verification.sumcheck;

import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.verification.freivalds.Coins;

/** Challenges that follow from all that was said before them (Fiat and Shamir). */
final class Transcript {
  private Digest state;
  private int drawn;

  Transcript(Digest commitment) {
    this.state = Domain.of("sumcheck").digest(commitment).digest();
  }

  void say(long... elements) {
    Domain next = Domain.of("sumcheck-round").digest(state).int32(elements.length);
    for (long element : elements) {
      next.int64(element);
    }
    state = next.digest();
  }

  long[] challenge(int count) {
    return Coins.open(state, state, drawn++, 0).next(count);
  }
}
