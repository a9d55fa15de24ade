package xyz.openledger.actors.pool;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;

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

  /** Fences up to this one may have been given out; the next start begins above it. */
  record Fenced(PoolId pool, long upTo, long atMillis) implements PoolEvent {}
}
