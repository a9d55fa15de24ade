package xyz.openledger.pools.queue;

import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.protocol.TenantId;

/**
 * What each tenant has used lately, of slots and of memory; its share is that of the resource it
 * has used most of, as the pool has it (dominant resource fairness, Ghodsi et al. 2011). What was
 * used a half-life ago counts half.
 *
 * <pre>
 *   used(t + tick) = (used(t) + slots × tick) × 2^(-1/64)        64 ticks are a half-life
 * </pre>
 *
 * <p>Half of a share is what is in use now, half what was used lately: so a tenant that has just
 * taken much stands back at once, and one that has long had much does not come first again at once.
 *
 * <p>In integers, and only at whole ticks of the clock: asking in between changes nothing.
 */
public final class FairShare {
  /** Ticks of one half-life. */
  static final int TICKS = 64;

  /** What {@link #of} answers for a tenant that had the whole pool for ever. */
  public static final long WHOLE = 1_000_000;

  /** After so many ticks what was used before counts less than 2^-32. */
  private static final long FORGOTTEN_TICKS = 32L * TICKS;

  /** 2^(-1/64), as a fraction of 2^31. */
  private static final long KEPT = 2_124_350_982L;

  private static final int KEPT_BITS = 31;

  /** The unit in which memory is counted: it keeps everything in 63 bits. */
  private static final long MEMORY_UNIT = 64L << 20;

  private static final int TENANTS_BEFORE_SWEEP = 10_000;
  private static final long USED_MAX = 9_000_000_000_000_000L;

  private final long tickMillis;
  private final Map<TenantId, Use> uses = new TreeMap<>();

  /** Nobody has used anything. */
  public FairShare(long halfLifeMillis) {
    this.tickMillis = Math.max(1, halfLifeMillis / TICKS);
  }

  /** What the pool has, to compare with. */
  public record Capacity(long slots, long memoryBytes) {}

  /** A lease began. */
  public void began(TenantId tenant, long memoryBytes, long nowMillis) {
    if (uses.size() > TENANTS_BEFORE_SWEEP && !uses.containsKey(tenant)) {
      uses.values().forEach(use -> use.advance(nowMillis, tickMillis));
      uses.values().removeIf(Use::forgotten);
    }
    Use use = uses.computeIfAbsent(tenant, _ -> new Use(nowMillis));
    use.advance(nowMillis, tickMillis);
    use.slots++;
    use.memory += Math.ceilDiv(memoryBytes, MEMORY_UNIT);
  }

  /** A lease ended. */
  public void ended(TenantId tenant, long memoryBytes, long nowMillis) {
    Use use = uses.get(tenant);
    if (use != null) {
      use.advance(nowMillis, tickMillis);
      use.slots = Math.max(0, use.slots - 1);
      use.memory = Math.max(0, use.memory - Math.ceilDiv(memoryBytes, MEMORY_UNIT));
      if (use.forgotten()) {
        uses.remove(tenant);
      }
    }
  }

  /** A tenant's dominant share, 0 to about {@link #WHOLE}. */
  public long of(TenantId tenant, Capacity capacity, long nowMillis) {
    Use use = uses.get(tenant);
    if (use == null) {
      return 0;
    }
    use.advance(nowMillis, tickMillis);
    long slots = Math.max(1, capacity.slots());
    long memory = Math.max(1, capacity.memoryBytes() / MEMORY_UNIT);
    return Math.max(
        (share(use.slotMillis, slots) + use.slots * WHOLE / slots) / 2,
        (share(use.memoryMillis, memory) + use.memory * WHOLE / memory) / 2);
  }

  /** Slots in use now, by tenant; those who use none are absent. */
  public Map<TenantId, Integer> slots() {
    var slots = new TreeMap<TenantId, Integer>();
    uses.forEach(
        (tenant, use) -> {
          if (use.slots > 0) {
            slots.put(tenant, use.slots);
          }
        });
    return slots;
  }

  /** A use of everything for ever comes to half-life / ln 2, which is 64 × tick × 1.4427. */
  private long share(long usedMillis, long capacity) {
    long wholeMillis = Math.max(1, tickMillis * TICKS * 14_427 / 10_000);
    return Math.min(usedMillis, USED_MAX) / capacity * 1_000 / wholeMillis * (WHOLE / 1_000)
        + Math.min(usedMillis, USED_MAX) / capacity * 1_000 % wholeMillis * 1_000 / wholeMillis;
  }

  private static final class Use {
    int slots;
    long memory;
    long slotMillis;
    long memoryMillis;
    long atMillis;

    Use(long nowMillis) {
      atMillis = nowMillis;
    }

    boolean forgotten() {
      return slots == 0 && slotMillis == 0 && memoryMillis == 0;
    }

    void advance(long nowMillis, long tickMillis) {
      if (Math.floorDiv(nowMillis, tickMillis) - Math.floorDiv(atMillis, tickMillis)
          > FORGOTTEN_TICKS) {
        slotMillis = 0;
        memoryMillis = 0;
        atMillis = nowMillis - FORGOTTEN_TICKS * tickMillis;
      }
      while (atMillis < nowMillis) {
        long tickEnd = (Math.floorDiv(atMillis, tickMillis) + 1) * tickMillis;
        long until = Math.min(tickEnd, nowMillis);
        slotMillis = Math.min(USED_MAX, slotMillis + slots * (until - atMillis));
        memoryMillis = Math.min(USED_MAX, memoryMillis + memory * (until - atMillis));
        if (until == tickEnd) {
          slotMillis = kept(slotMillis);
          memoryMillis = kept(memoryMillis);
        }
        atMillis = until;
      }
    }

    private static long kept(long used) {
      long high = used >>> KEPT_BITS;
      long low = used & ((1L << KEPT_BITS) - 1);
      return high * KEPT + ((low * KEPT) >>> KEPT_BITS);
    }
  }
}
