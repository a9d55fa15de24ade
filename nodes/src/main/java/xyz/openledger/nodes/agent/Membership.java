package xyz.openledger.nodes.agent;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.session.Benchmark;
import xyz.openledger.protocol.session.Terms;

/**
 * What a machine knows of its place in the network: {@code node.json} in its data directory.
 *
 * @param gateway {@code host:port}
 * @param benchmark as measured when it joined
 * @param workers processes that run tasks; absent for one for each slot
 * @param pods where workers run in pods; absent for this machine
 */
public record Membership(
    String gateway,
    NodeId node,
    PoolId pool,
    Address owner,
    Terms terms,
    Benchmark benchmark,
    @Nullable Integer workers,
    @Nullable PodChoice pods) {

  /** The same under other terms. */
  Membership withTerms(Terms other) {
    return new Membership(gateway, node, pool, owner, other, benchmark, workers, pods);
  }

  /** The same with another measurement. */
  Membership withBenchmark(Benchmark other) {
    return new Membership(gateway, node, pool, owner, terms, other, workers, pods);
  }

  /** The same with another number of workers. */
  Membership withWorkers(@Nullable Integer other) {
    return new Membership(gateway, node, pool, owner, terms, benchmark, other, pods);
  }

  /** The same with its workers elsewhere. */
  Membership withPods(@Nullable PodChoice other) {
    return new Membership(gateway, node, pool, owner, terms, benchmark, workers, other);
  }
}
