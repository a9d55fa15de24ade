package xyz.openledger.verification;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Receipt.Standing;

/**
 * How one replica ended, and what it has earned. Whoever agreed with an accepted outcome is paid
 * for its fuel at the price of its lease, however slow it was; dissent, loss and release are paid
 * nothing. Without agreement, or before there is a verdict, nobody is paid, and nobody is called
 * wrong but whom a check has refuted.
 *
 * @param nanoOpen {@link Price#ofReplica} if accepted, else 0
 */
public record Payout(Standing standing, long nanoOpen) {

  /**
   * What becomes of a replica if its task is left where it stands.
   *
   * @param verdict on the replica's task, the last or not
   * @param priceNanoOpenPerGigafuel agreed for the replica's lease
   */
  public static Payout of(Verdict verdict, Replica replica, long priceNanoOpenPerGigafuel) {
    Standing standing = standing(verdict, replica);
    return new Payout(standing, earned(standing, replica.outcome(), priceNanoOpenPerGigafuel));
  }

  private static long earned(
      Standing standing, @Nullable Outcome outcome, long priceNanoOpenPerGigafuel) {
    return standing == Standing.ACCEPTED && outcome != null
        ? Price.ofReplica(outcome.fuelUsed(), priceNanoOpenPerGigafuel)
        : 0;
  }

  private static Standing standing(Verdict verdict, Replica replica) {
    return switch (replica.state()) {
      case LOST -> Standing.LOST;
      case LEASED, COMMITTED, RELEASED -> Standing.RELEASED;
      case REVEALED ->
          switch (verdict) {
            case Verdict.Accepted accepted when accepted.agreeing().contains(replica.id()) ->
                Standing.ACCEPTED;
            case Verdict.Accepted _ -> Standing.REJECTED;
            case Verdict.NoAgreement none when none.refuted().contains(replica.id()) ->
                Standing.REJECTED;
            case Verdict.NoAgreement _, Verdict.Wait _, Verdict.Lease _, Verdict.Reveal _ ->
                Standing.RELEASED;
          };
    };
  }
}
