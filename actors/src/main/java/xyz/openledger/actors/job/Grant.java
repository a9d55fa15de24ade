package xyz.openledger.actors.job;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ReplicaId;

/**
 * A node's slot, leased to one replica.
 *
 * @param fence above every fence that the pool has given to this node before
 * @param priceNanoOpenPerGigafuel agreed for this lease, whatever the node asks later
 * @param leaseMillis how long the node has for it
 * @param region declared by the contributor
 * @param carbonGramsPerKwh declared by the contributor
 * @param capacity how the slot was bought; absent for on demand
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
    Policy.@Nullable Capacity capacity) {

  /** A slot bought on demand. */
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
        null);
  }

  /** Whether it may be taken back before its time: what was bought on the spot may. */
  public boolean interruptible() {
    return capacity == Policy.Capacity.SPOT;
  }
}
