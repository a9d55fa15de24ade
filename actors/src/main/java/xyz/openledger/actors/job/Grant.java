package xyz.openledger.actors.job;

import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
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
    boolean audited) {

  /** A lease of a node that has shown nothing yet. */
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
        false);
  }

  /** The same lease of a node that had shown so much. */
  public Grant of(Replica.Standing shown) {
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
        shown.audited());
  }

  /** What the node had shown. */
  Replica.Standing standing() {
    return new Replica.Standing(confirmed, contribution, audited);
  }
}
