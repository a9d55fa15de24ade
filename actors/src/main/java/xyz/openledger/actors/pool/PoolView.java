package xyz.openledger.actors.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;

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
    List<NodeView> members,
    List<QuotaView> quotas)
    implements MemberMessage {

  /**
   * What a tenant may use, and uses.
   *
   * @param tenant null for all that have no quota of their own
   */
  public record QuotaView(@Nullable TenantId tenant, Quotas.Quota quota, int used) {}

  /** One node of it. */
  public record NodeView(NodeOffer offer, int leased, int reputation) {}
}
