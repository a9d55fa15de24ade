package xyz.openledger.protocol.session;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;

/**
 * What a contributor asks and allows. Region, carbon and watts are declared, not measured.
 *
 * @param name what the contributor calls this machine; 1 to 63 characters
 * @param priceNanoOpenPerGigafuel 10^-9 OPEN for 10^9 units of fuel
 * @param slots tasks that run at the same time
 * @param memoryMaxBytesPerSlot the most linear memory of one task
 * @param cpuQuotaPercent the share of one core that each slot may use on average, 1 to 100
 * @param region such as {@code eu-north}; empty if undeclared
 * @param carbonGramsPerKwh of the grid; 0 if undeclared, which counts as the worst
 * @param watts of the machine under load; 0 if undeclared
 * @param quietHours no new leases then, in the node's own zone
 * @param accept what must hold of a job for it to run here, an expression of CEL; empty for any job
 * @param prefer which jobs it likes, an expression of CEL for 0 to 10,000; empty for none
 * @param selling what is for sale beside on-demand slots; absent for nothing
 */
public record Terms(
    String name,
    long priceNanoOpenPerGigafuel,
    int slots,
    long memoryMaxBytesPerSlot,
    int cpuQuotaPercent,
    String region,
    int carbonGramsPerKwh,
    int watts,
    @Nullable QuietHours quietHours,
    Map<String, String> labels,
    String accept,
    String prefer,
    @Nullable Selling selling) {
  /** The most slots of a node. */
  public static final int SLOTS_MAX = 256;

  /** The most labels. */
  public static final int LABELS_MAX = 32;

  private static final int EXPRESSION_LETTERS_MAX = 2_048;

  /** Terms that take any job, and sell on demand alone. */
  public Terms(
      @Nullable String name,
      long priceNanoOpenPerGigafuel,
      int slots,
      long memoryMaxBytesPerSlot,
      int cpuQuotaPercent,
      @Nullable String region,
      int carbonGramsPerKwh,
      int watts,
      @Nullable QuietHours quietHours,
      @Nullable Map<String, String> labels) {
    this(
        name,
        priceNanoOpenPerGigafuel,
        slots,
        memoryMaxBytesPerSlot,
        cpuQuotaPercent,
        region,
        carbonGramsPerKwh,
        watts,
        quietHours,
        labels,
        null,
        null,
        null);
  }

  /** Checks the ranges. */
  public Terms(
      @Nullable String name,
      long priceNanoOpenPerGigafuel,
      int slots,
      long memoryMaxBytesPerSlot,
      int cpuQuotaPercent,
      @Nullable String region,
      int carbonGramsPerKwh,
      int watts,
      @Nullable QuietHours quietHours,
      @Nullable Map<String, String> labels,
      @Nullable String accept,
      @Nullable String prefer,
      @Nullable Selling selling) {
    this.accept = accept == null ? "" : Check.text("accept", accept, EXPRESSION_LETTERS_MAX);
    this.prefer = prefer == null ? "" : Check.text("prefer", prefer, EXPRESSION_LETTERS_MAX);
    this.name = Check.text("name", name, 63);
    if (this.name.isBlank()) {
      throw Check.refusal("name", "is empty; give the machine a name such as attic-pc");
    }
    this.priceNanoOpenPerGigafuel =
        Check.range(
            "priceNanoOpenPerGigafuel", priceNanoOpenPerGigafuel, 0, 1_000_000_000_000_000L);
    this.slots = Check.range("slots", slots, 1, SLOTS_MAX);
    this.memoryMaxBytesPerSlot =
        Check.range("memoryMaxBytesPerSlot", memoryMaxBytesPerSlot, 1L << 20, 1L << 40);
    this.cpuQuotaPercent = Check.range("cpuQuotaPercent", cpuQuotaPercent, 1, 100);
    this.region = region == null ? "" : Check.text("region", region, 32);
    this.carbonGramsPerKwh = Check.range("carbonGramsPerKwh", carbonGramsPerKwh, 0, 100_000);
    this.watts = Check.range("watts", watts, 0, 1_000_000);
    this.quietHours = quietHours;
    this.labels = labels == null ? Map.of() : Map.copyOf(labels);
    Check.size("labels", this.labels.keySet(), 0, LABELS_MAX);
    this.labels.forEach(
        (key, value) -> {
          Check.text("labels", key, 63);
          Check.text("labels." + key, value, 63);
        });
    ClassPrices.check(this.labels);
    this.selling = selling;
    if (selling != null) {
      Check.range(
          "selling.reservationNanoOpenPerGigafuel",
          selling.reservationNanoOpenPerGigafuel(),
          0,
          priceNanoOpenPerGigafuel);
      Check.range("selling.spotSlots", selling.spotSlots(), 0, slots);
      Check.range("selling.reservedSlots", selling.reservedSlots(), 0, slots);
    }
  }

  /** The same terms with a label of that value; null for without it. */
  public Terms labelled(String key, @Nullable String value) {
    var all = new HashMap<>(labels);
    if (value == null) {
      all.remove(key);
    } else {
      all.put(key, value);
    }
    return new Terms(
        name,
        priceNanoOpenPerGigafuel,
        slots,
        memoryMaxBytesPerSlot,
        cpuQuotaPercent,
        region,
        carbonGramsPerKwh,
        watts,
        quietHours,
        all,
        accept,
        prefer,
        selling);
  }
}
