package xyz.openledger.actors.pool;

import java.util.List;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.NodeId;

/**
 * What a task of some tenant would meet in a pool beside the nodes themselves: what these have
 * shown in work of its kind, and what the tenant's quota leaves.
 *
 * @param known of nodes of which anything is known that matters; all others are strangers without a
 *     stake
 * @param quotaMax the most slots that the tenant may ever use here
 * @param quota why it may not use one more now; empty if it may
 * @param spotNanoOpen the most that a gigafuel may cost in the next clearing; below 0 if nobody
 *     sells on the spot
 */
public record PoolProspects(List<Known> known, int quotaMax, String quota, long spotNanoOpen)
    implements MemberMessage {
  /** More than a message between members can hold is not told. */
  static final int KNOWN_MAX = 1_000;

  /** Of a tenant whose slots nobody limits. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** Keeps its own copy. */
  public PoolProspects {
    known = List.copyOf(known);
  }

  /**
   * What is known of a node.
   *
   * @param confirmed results in a row, in work of this kind, that other owners confirmed
   * @param contribution its score under the weight rule
   * @param auditPartsPerMillion how often its result would be repeated even if it were believed
   */
  public record Known(NodeId node, long confirmed, long contribution, int auditPartsPerMillion) {}
}
