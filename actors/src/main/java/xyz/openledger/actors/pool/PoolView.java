package xyz.openledger.actors.pool;

import java.util.List;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.protocol.PoolId;

/** How a pool is, for people. */
public record PoolView(
    PoolId pool,
    String name,
    PoolTerms terms,
    int nodesOutside,
    int nodes,
    int slots,
    int leased,
    int queued,
    List<NodeView> members)
    implements MemberMessage {

  /** One node of it. */
  public record NodeView(NodeOffer offer, int leased, int reputation) {}
}
