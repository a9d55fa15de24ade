package xyz.openledger.nodes.agent;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import xyz.openledger.protocol.session.ClassPrices;
import xyz.openledger.protocol.session.QuietHours;
import xyz.openledger.protocol.session.Selling;
import xyz.openledger.protocol.session.Terms;
import xyz.openledger.verification.tee.SimulatedChip;

/** The options that say what a contributor asks and allows. What is left out stays as it was. */
final class TermsOptions {
  private static final long PRICE_NANO_OPEN_PER_GIGAFUEL = 1_000_000;
  private static final long MEMORY_BYTES_PER_SLOT = 256L << 20;
  private static final int CPU_QUOTA_PERCENT = 100;
  private static final String ZONE_LABEL = "openledger.zone";
  private static final String FAILURE_DOMAIN_LABEL = "failureDomain";

  @Option(names = "--name", paramLabel = "NAME", description = "what you call this machine")
  @Nullable String name;

  @Option(
      names = "--price",
      paramLabel = "NANO_PER_GIGAFUEL",
      description = "10^-9 OPEN you ask for 10^9 units of fuel (default 1000000)")
  @Nullable Long price;

  @Option(
      names = "--price-for",
      paramLabel = "CLASS=NANO_PER_GIGAFUEL",
      description = {
        "what you ask for other work than WebAssembly, such as inference=2000000; repeatable",
        "classes: matmul, private-model, inference, finetune, onnx, tee; 'none' for --price"
            + " (default)"
      })
  Map<String, String> pricesFor = new HashMap<>();

  @Option(
      names = "--reservation-price",
      paramLabel = "NANO_PER_GIGAFUEL",
      description = "the least you take on the spot for 10^9 units of fuel (default: --price)")
  @Nullable Long reservationPrice;

  @Option(
      names = "--spot-slots",
      paramLabel = "N",
      description = "slots that may run spot work, which may be interrupted (default 0)")
  @Nullable Integer spotSlots;

  @Option(
      names = "--reserved-slots",
      paramLabel = "N",
      description = "slots that may be bought ahead; then --reserved-price is needed (default 0)")
  @Nullable Integer reservedSlots;

  @Option(
      names = "--reserved-price",
      paramLabel = "NANO_PER_SLOT_HOUR",
      description = "the least you take, in 10^-9 OPEN, for keeping a slot for an hour; sealed")
  @Nullable Long reservedPrice;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description = "tasks at the same time (default: half the cores)")
  @Nullable Integer slots;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = {
        "processes that run them (default: one for each slot)",
        "Fewer than slots is for short tasks: the next ones wait at the machine, not beyond it."
      })
  @Nullable Integer workers;

  @Option(
      names = "--memory-per-slot",
      paramLabel = "SIZE",
      converter = ByteSize.Converter.class,
      description = "the most memory of one task, such as 256Mi (default)")
  @Nullable Long memoryPerSlot;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "where it stands, such as eu-north; declared, not measured")
  @Nullable String region;

  @Option(
      names = "--carbon",
      paramLabel = "GRAMS_PER_KWH",
      description =
          "carbon intensity of its electricity; declared, not measured (undeclared counts as the"
              + " worst)")
  @Nullable Integer carbon;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = {
        "the zone of its grid, such as FR: the member then knows its intensity by the hour",
        "--carbon counts where it does not"
      })
  @Nullable String zone;

  @Option(
      names = "--failure-domain",
      paramLabel = "NAME",
      description = "what it fails together with, such as a rack or a power feed")
  @Nullable String failureDomain;

  @Option(
      names = "--tee-simulated",
      description = {
        "vouches for results by a chip that does not exist: for trying the method tee",
        "Its evidence is called simulated everywhere, and counts only where a policy lists its"
            + " root."
      })
  boolean teeSimulated;

  @Option(names = "--watts", paramLabel = "W", description = "its power under load; declared")
  @Nullable Integer watts;

  @Option(
      names = "--cpu-quota",
      paramLabel = "PERCENT",
      description = "the share of one core that each slot may use (default 100)")
  @Nullable Integer cpuQuota;

  @Option(
      names = "--quiet-hours",
      paramLabel = "HH:MM-HH:MM",
      description = "no new work in this time of day, such as 22:00-07:00; 'none' for no such time")
  @Nullable String quietHours;

  @Option(names = "--label", paramLabel = "KEY=VALUE", description = "for finding it; repeatable")
  Map<String, String> labels = new HashMap<>();

  @Option(
      names = "--accept",
      paramLabel = "EXPRESSION",
      description =
          "what must hold of a job for it to run here, such as 'job.tenant == \"school\"'; '' for"
              + " any job")
  @Nullable String accept;

  @Option(
      names = "--prefer",
      paramLabel = "EXPRESSION",
      description = "which jobs it likes, 0 to 10000, such as 'job.priority * 1000'; '' for none")
  @Nullable String prefer;

  /** The terms of a machine that joins. */
  Terms terms() {
    int cores = Runtime.getRuntime().availableProcessors();
    return over(
        new Terms(
            hostName(),
            PRICE_NANO_OPEN_PER_GIGAFUEL,
            Math.clamp(cores / 2, 1, Terms.SLOTS_MAX),
            MEMORY_BYTES_PER_SLOT,
            CPU_QUOTA_PERCENT,
            "",
            0,
            0,
            null,
            Map.of()));
  }

  /** {@code base} with what was given changed. */
  Terms over(Terms base) {
    return new Terms(
        or(name, base.name()),
        or(price, base.priceNanoOpenPerGigafuel()),
        or(slots, base.slots()),
        or(memoryPerSlot, base.memoryMaxBytesPerSlot()),
        or(cpuQuota, base.cpuQuotaPercent()),
        or(region, base.region()),
        or(carbon, base.carbonGramsPerKwh()),
        or(watts, base.watts()),
        quietHours(base),
        labels(base),
        or(accept, base.accept()).strip(),
        or(prefer, base.prefer()).strip(),
        selling(base));
  }

  /** Absent for a machine that was told nothing of the market: it sells on demand alone. */
  private @Nullable Selling selling(Terms base) {
    Selling before = base.selling();
    if (reservationPrice == null
        && spotSlots == null
        && reservedSlots == null
        && reservedPrice == null) {
      return before;
    }
    Selling known =
        before == null ? new Selling(or(price, base.priceNanoOpenPerGigafuel()), 0, 0, 0) : before;
    return new Selling(
        or(reservationPrice, known.reservationNanoOpenPerGigafuel()),
        or(spotSlots, known.spotSlots()),
        or(reservedSlots, known.reservedSlots()),
        or(reservedPrice, known.reservedNanoOpenPerSlotHour()));
  }

  /** Zone, failure domain and prices by class are labels, so that policies can speak of them. */
  private Map<String, String> labels(Terms base) {
    var all = new HashMap<>(labels.isEmpty() ? base.labels() : labels);
    for (Map.Entry<String, String> kept : base.labels().entrySet()) {
      if (kept.getKey().equals(ZONE_LABEL)
          || kept.getKey().equals(FAILURE_DOMAIN_LABEL)
          || kept.getKey().startsWith(ClassPrices.LABEL)) {
        all.putIfAbsent(kept.getKey(), kept.getValue());
      }
    }
    pricesFor.forEach(
        (of, price) -> {
          if (price.equals("none")) {
            all.remove(ClassPrices.label(of));
          } else {
            all.put(ClassPrices.label(of), price);
          }
        });
    if (zone != null) {
      all.put(ZONE_LABEL, zone);
    }
    if (teeSimulated || base.labels().containsKey(SimulatedChip.LABEL)) {
      all.putAll(SimulatedChip.labels());
    }
    if (failureDomain != null) {
      all.put(FAILURE_DOMAIN_LABEL, failureDomain);
    }
    return all;
  }

  /** How many workers, absent for one for each slot; {@code base} if nothing was given. */
  @Nullable Integer workersOver(@Nullable Integer base) {
    return workers == null ? base : workers;
  }

  private @Nullable QuietHours quietHours(Terms base) {
    if (quietHours == null) {
      return base.quietHours();
    }
    return quietHours.equals("none") ? null : QuietHours.parse(quietHours);
  }

  /** The name for a machine that was given none. */
  static String hostName() {
    try {
      String name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
      return name.isBlank() ? "node" : name.substring(0, Math.min(63, name.length()));
    } catch (UnknownHostException nameless) {
      return "node";
    }
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
