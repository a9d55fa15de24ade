package xyz.openledger.verification;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Receipt.Standing;
import xyz.openledger.protocol.ReplicaId;

/**
 * What one replica has earned once the verdict stands. Whoever agreed is paid for its fuel at the
 * price of its lease, however slow it was; dissent, loss and release are paid nothing. Without
 * agreement nobody is paid, and nobody is called wrong.
 *
 * @param nanoOpen {@link Price#ofReplica} if accepted, else 0
 */
public record Payout(ReplicaId replica, Address payee, Standing standing, long nanoOpen) {

  /**
   * The payouts of one task, one for each replica, in their order.
   *
   * @param priceNanoOpenPerGigafuel the price agreed for each lease
   */
  public static List<Payout> of(
      Verdict.Final verdict,
      List<Replica> replicas,
      ToLongFunction<ReplicaId> priceNanoOpenPerGigafuel) {
    return of(verdict, replicas, priceNanoOpenPerGigafuel, Standing.ACCEPTED::equals);
  }

  /** The same with another idea of who is paid: tests show with it that a wrong one is caught. */
  static List<Payout> of(
      Verdict.Final verdict,
      List<Replica> replicas,
      ToLongFunction<ReplicaId> priceNanoOpenPerGigafuel,
      Predicate<Standing> earns) {
    return replicas.stream()
        .map(
            replica -> {
              Standing standing = standing(verdict, replica);
              Outcome outcome = replica.outcome();
              long nanoOpen =
                  outcome == null || !earns.test(standing)
                      ? 0
                      : Price.ofReplica(
                          outcome.fuelUsed(), priceNanoOpenPerGigafuel.applyAsLong(replica.id()));
              return new Payout(replica.id(), replica.owner(), standing, nanoOpen);
            })
        .toList();
  }

  /** How a replica ended, now that the verdict stands. */
  public static Standing standing(Verdict.Final verdict, Replica replica) {
    return switch (replica.state()) {
      case LOST -> Standing.LOST;
      case LEASED, COMMITTED, RELEASED -> Standing.RELEASED;
      case REVEALED ->
          switch (verdict) {
            case Verdict.Accepted accepted when accepted.agreeing().contains(replica.id()) ->
                Standing.ACCEPTED;
            case Verdict.Accepted _ -> Standing.REJECTED;
            case Verdict.NoAgreement _ -> Standing.RELEASED;
          };
    };
  }
}
