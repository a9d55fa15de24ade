package xyz.openledger.actors.pool;

import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;

/** What happened to a pool. */
public sealed interface PoolEvent {

  /** Which pool. */
  PoolId pool();

  /** It was opened by its operator. */
  record Opened(
      PoolId pool,
      String name,
      String operator,
      int scoreMargin,
      int explorationBasisPoints,
      int queueMax,
      @Nullable String admit,
      long atMillis)
      implements PoolEvent {}

  /** A node offers this from now on. */
  record Listed(PoolId pool, NodeOffer offer, long atMillis) implements PoolEvent {}

  /** A node has left for good. */
  record Delisted(PoolId pool, NodeId node, long atMillis) implements PoolEvent {}

  /**
   * A tenant may use so many slots at once from now on.
   *
   * @param tenant absent for all that have no quota of their own
   * @param quota absent for none
   */
  record QuotaSet(
      PoolId pool, @Nullable TenantId tenant, Quotas.@Nullable Quota quota, long atMillis)
      implements PoolEvent {}

  /** Fences up to this one may have been given out; the next start begins above it. */
  record Fenced(PoolId pool, long upTo, long atMillis) implements PoolEvent {}
}
