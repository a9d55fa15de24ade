package xyz.openledger.protocol.api;

import java.util.List;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A pool with its members.
 *
 * @param members at most {@value #MEMBERS_MAX}; all of them are listed as the nodes of the pool
 */
@Answer
public record PoolDetail(PoolSummary pool, PoolTerms terms, List<Member> members) {
  /** The most members shown. */
  public static final int MEMBERS_MAX = 200;

  /** A node of the pool. Region and carbon are declared. */
  @Answer
  public record Member(
      NodeId node,
      String name,
      Address owner,
      int slots,
      int leased,
      int reputation,
      @DecimalText long priceNanoOpenPerGigafuel,
      String region,
      int carbonGramsPerKwh) {}
}
