package xyz.openledger.actors.job;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.Replica;

/**
 * A node's slot, leased to one replica.
 *
 * @param fence above every fence that the pool has given to this node before
 * @param priceNanoOpenPerGigafuel agreed for this lease, whatever the node asks later
 * @param leaseMillis how long the node has for it
 * @param region declared by the contributor
 * @param carbonGramsPerKwh of its grid: in the hour of the lease where that is known, else as its
 *     contributor declared it
 * @param confirmed results in a row, in work of this kind, that other owners had confirmed; here
 *     and below as the pool knew it when it gave the lease
 * @param contribution the node's score under the weight rule
 * @param audited whether this result shall be repeated however well the node stands; told to nobody
 *     outside
 * @param capacity how the slot was bought; absent for on demand
 * @param resumed from where the replica goes on; absent for the beginning
 */
public record Grant(
    ReplicaId replica,
    NodeId node,
    Address owner,
    PoolId pool,
    long fence,
    long priceNanoOpenPerGigafuel,
    long leaseMillis,
    String region,
    int carbonGramsPerKwh,
    long confirmed,
    long contribution,
    boolean audited,
    Policy.@Nullable Capacity capacity,
    Receipt.@Nullable Resumed resumed) {

  /** A slot bought on demand, of a node that has shown nothing yet. */
  public Grant(
      ReplicaId replica,
      NodeId node,
      Address owner,
      PoolId pool,
      long fence,
      long priceNanoOpenPerGigafuel,
      long leaseMillis,
      String region,
      int carbonGramsPerKwh) {
    this(
        replica,
        node,
        owner,
        pool,
        fence,
        priceNanoOpenPerGigafuel,
        leaseMillis,
        region,
        carbonGramsPerKwh,
        0,
        0,
        false,
        null,
        null);
  }

  /** The same lease of a node that had shown so much. */
  public Grant of(Replica.Standing shown) {
    return with(shown, capacity, resumed);
  }

  /** The same lease, bought so; on demand is not said. */
  public Grant bought(Policy.Capacity how) {
    return with(standing(), how == Policy.Capacity.ON_DEMAND ? null : how, resumed);
  }

  /** The same lease, to go on from where another replica had come. */
  Grant resuming(Receipt.Resumed from) {
    return with(standing(), capacity, from);
  }

  private Grant with(
      Replica.Standing shown, Policy.@Nullable Capacity how, Receipt.@Nullable Resumed from) {
    return new Grant(
        replica,
        node,
        owner,
        pool,
        fence,
        priceNanoOpenPerGigafuel,
        leaseMillis,
        region,
        carbonGramsPerKwh,
        shown.confirmed(),
        shown.contribution(),
        shown.audited(),
        how,
        from);
  }

  /** What the node had shown. */
  Replica.Standing standing() {
    return new Replica.Standing(confirmed, contribution, audited);
  }

  /** Whether it may be taken back before its time: what was bought on the spot may. */
  public boolean interruptible() {
    return capacity == Policy.Capacity.SPOT;
  }
}
