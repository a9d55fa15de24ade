package xyz.openledger.pools.queue;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.TenantId;

/**
 * How many slots each tenant may use at once. What one leaves unused, others may borrow, as far as
 * it lends; a lender gets its slots back when borrowed work ends.
 *
 * <pre>
 *   ada  quota 4, lends 3   uses 1 ─┐ 3 unused, of which 3 may be lent
 *   bob  quota 2, borrows 4 uses 5 ─┘ 3 borrowed: one more would be over
 * </pre>
 *
 * <p>So at the moment of borrowing, all that is borrowed is covered by what is lent and unused, and
 * a tenant can always use {@code slots - lendMax} whatever others do.
 *
 * @param named by tenant; none at all for no quotas
 * @param others what all tenants without a quota of their own share; null for no limit
 */
public record Quotas(Map<TenantId, Quota> named, @Nullable Quota others) {
  /** Nobody is limited, and all weigh the same. */
  public static final Quotas NONE = new Quotas(Map.of(), null);

  /** The most tenants with a quota of their own. */
  public static final int NAMED_MAX = 1_024;

  private static final TenantId OTHERS = new TenantId("others-without-a-quota");

  /**
   * One tenant's.
   *
   * @param weight how much it counts where shares are compared, 1 to 1,000
   * @param slots that are its own
   * @param borrowMax how many more it may use
   * @param lendMax how many of its own others may use
   */
  public record Quota(int weight, int slots, int borrowMax, int lendMax) {
    private static final int SLOTS_MAX = 10_000_000;

    /** Checks the ranges. */
    public Quota {
      Check.range("weight", weight, 1, 1_000);
      Check.range("slots", slots, 0, SLOTS_MAX);
      Check.range("borrowMax", borrowMax, 0, SLOTS_MAX);
      Check.range("lendMax", lendMax, 0, slots);
    }
  }

  /** Whether slots may be taken. */
  public sealed interface Answer {
    /** They may. Of all that the tenant then uses, so many are borrowed. */
    record Within(int borrowed) implements Answer {}

    /** They may not now, and why. */
    record Over(String reason) implements Answer {}
  }

  /** Copies. */
  public Quotas {
    Check.size("quotas", named.keySet(), 0, NAMED_MAX);
    named = Map.copyOf(named);
  }

  /**
   * The same with another quota for one tenant.
   *
   * @param tenant null for all that have none of their own
   * @param quota null for none
   */
  public Quotas with(@Nullable TenantId tenant, @Nullable Quota quota) {
    if (tenant == null) {
      return new Quotas(named, quota);
    }
    var changed = new TreeMap<>(named);
    if (quota == null) {
      changed.remove(tenant);
    } else {
      changed.put(tenant, quota);
    }
    return new Quotas(changed, others);
  }

  /** Whether there is room for that tenant's quota. */
  public boolean takes(@Nullable TenantId tenant) {
    return tenant == null || named.containsKey(tenant) || named.size() < NAMED_MAX;
  }

  /** How much a tenant counts. */
  public int weight(TenantId tenant) {
    Quota quota = of(tenant);
    return quota == null ? 1 : quota.weight();
  }

  /**
   * Whether {@code tenant} may use {@code more} slots.
   *
   * @param used slots by tenant, without zeros
   */
  public Answer ask(TenantId tenant, int more, Map<TenantId, Integer> used) {
    Quota quota = of(tenant);
    if (quota == null) {
      return new Answer.Within(0);
    }
    Map<TenantId, Integer> using = grouped(used);
    int then = using.getOrDefault(key(tenant), 0) + more;
    int borrowed = Math.max(0, then - quota.slots());
    if (borrowed == 0) {
      return new Answer.Within(0);
    }
    if (borrowed > quota.borrowMax()) {
      return new Answer.Over(
          "%s would use %d slots; its quota is %d and it may borrow %d"
              .formatted(tenant, then, quota.slots(), quota.borrowMax()));
    }
    int lent = total(key(tenant), it -> lendable(it, using));
    int taken = total(key(tenant), it -> borrowed(it, using));
    return borrowed <= lent - taken
        ? new Answer.Within(borrowed)
        : new Answer.Over(
            "%s would borrow %d slots; others lend %d and %d are taken"
                .formatted(tenant, borrowed, lent, taken));
  }

  /** How many slots a tenant uses beyond its own quota; all of them where it has none. */
  int beyond(TenantId tenant, Map<TenantId, Integer> used) {
    Quota quota = named.get(tenant);
    return used.getOrDefault(tenant, 0) - (quota == null ? 0 : quota.slots());
  }

  /** Whether one more slot is covered by a tenant's own quota. */
  boolean guarantees(TenantId tenant, Map<TenantId, Integer> used) {
    Quota quota = named.get(tenant);
    return quota != null && used.getOrDefault(tenant, 0) < quota.slots();
  }

  /** The most slots that a tenant may ever use at once. */
  public int most(TenantId tenant) {
    Quota quota = of(tenant);
    return quota == null ? Integer.MAX_VALUE : quota.slots() + quota.borrowMax();
  }

  private int total(TenantId but, ToIntFunction<TenantId> part) {
    int sum = others == null || but.equals(OTHERS) ? 0 : part.applyAsInt(OTHERS);
    for (TenantId tenant : named.keySet()) {
      sum += tenant.equals(but) ? 0 : part.applyAsInt(tenant);
    }
    return sum;
  }

  private int lendable(TenantId key, Map<TenantId, Integer> using) {
    Quota quota = of(key);
    return quota == null
        ? 0
        : Math.clamp(quota.slots() - using.getOrDefault(key, 0), 0, quota.lendMax());
  }

  private int borrowed(TenantId key, Map<TenantId, Integer> using) {
    Quota quota = of(key);
    return quota == null ? 0 : Math.max(0, using.getOrDefault(key, 0) - quota.slots());
  }

  private Map<TenantId, Integer> grouped(Map<TenantId, Integer> used) {
    var grouped = new TreeMap<TenantId, Integer>();
    used.forEach((tenant, slots) -> grouped.merge(key(tenant), slots, Integer::sum));
    return grouped;
  }

  private TenantId key(TenantId tenant) {
    return named.containsKey(tenant) ? tenant : OTHERS;
  }

  private @Nullable Quota of(TenantId tenant) {
    return named.getOrDefault(tenant, others);
  }
}
