package xyz.openledger.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A pool with its members.
 *
 * @param members at most {@value #MEMBERS_MAX}; all of them are listed as the nodes of the pool
 * @param quotas by tenant, and last the one that all others share; none for no limits
 */
@Answer
public record PoolDetail(
    PoolSummary pool, PoolTerms terms, List<Member> members, List<PoolQuota> quotas) {
  /** The most members shown. */
  public static final int MEMBERS_MAX = 200;

  /** None if they are left out, as older members do. */
  public PoolDetail(
      PoolSummary pool, PoolTerms terms, List<Member> members, @Nullable List<PoolQuota> quotas) {
    this.pool = pool;
    this.terms = terms;
    this.members = members;
    this.quotas = quotas == null ? List.of() : quotas;
  }

  /** A pool without quotas. */
  public PoolDetail(PoolSummary pool, PoolTerms terms, List<Member> members) {
    this(pool, terms, members, List.of());
  }

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
