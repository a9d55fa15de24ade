package xyz.openledger.cluster.cli;

import java.math.BigDecimal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.pools.market.PriceSuggestion;
import xyz.openledger.pools.market.PriceSuggestion.Costs;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.api.NodeDetail;
import xyz.openledger.protocol.client.MemberUnreachable;

@Command(
    name = "suggest",
    description = "Suggests what a machine should ask, and shows how it was reckoned.",
    footer = {
      "",
      "Money is in your own currency; --open-value says what one OPEN is worth in it.",
      "With a NODE its watts, speed and slots are the member's; else give all three.",
      "",
      "Example: openledger pool price suggest node-k7pw3zmx --electricity 0.30 --open-value 0.05"
    })
final class PriceSuggestCommand implements Callable<Integer> {
  private static final int NANO_DIGITS = 9;
  private static final int BASIS_POINTS_PER_PERCENT = 100;
  private static final int DAYS_PER_YEAR = 365;

  @Mixin Member member;

  @Parameters(paramLabel = "NODE", arity = "0..1", description = "id or prefix")
  @Nullable String node;

  @Option(
      names = "--electricity",
      required = true,
      paramLabel = "AMOUNT",
      description = "what a kWh costs")
  BigDecimal electricity = BigDecimal.ZERO;

  @Option(
      names = "--open-value",
      required = true,
      paramLabel = "AMOUNT",
      description = "what one OPEN is worth")
  BigDecimal openValue = BigDecimal.ZERO;

  @Option(names = "--watts", paramLabel = "W", description = "under load, the whole machine")
  @Nullable Integer watts;

  @Option(
      names = "--idle-watts",
      paramLabel = "W",
      defaultValue = "0",
      description = "idle, if it is on only for this (default 0: it would be on anyway)")
  int idleWatts;

  @Option(
      names = "--speed",
      paramLabel = "FUEL",
      description = "fuel a CPU-second of one slot, as measured")
  @Nullable Long speed;

  @Option(names = "--slots", paramLabel = "N", description = "how many tasks it runs at once")
  @Nullable Integer slots;

  @Option(
      names = "--hardware",
      paramLabel = "AMOUNT",
      defaultValue = "0",
      description = "what has to come back of its purchase (default 0: it is there anyway)")
  BigDecimal hardware = BigDecimal.ZERO;

  @Option(
      names = "--years",
      paramLabel = "N",
      defaultValue = "4",
      description = "in how many years (default 4)")
  int years;

  @Option(
      names = "--utilisation",
      paramLabel = "PERCENT",
      defaultValue = "50",
      description = "how much of the time it has work (default 50)")
  int utilisation;

  @Option(
      names = "--fee",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "what the network keeps (default 0)")
  BigDecimal fee = BigDecimal.ZERO;

  @Option(
      names = "--margin",
      paramLabel = "PERCENT",
      defaultValue = "20",
      description = "what you want above your costs (default 20)")
  int margin;

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      defaultValue = "wasm",
      description = "of which work the prices are that were paid lately (default wasm)")
  String resourceClass = "wasm";

  PriceSuggestCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    Costs costs = costs();
    RecentPrices recent = recent();
    var suggestion = PriceSuggestion.of(costs, recent.summary());
    member.print(
        new PriceText.Reckoning(costs, recent.summary(), suggestion),
        () -> PriceText.of(costs, recent, suggestion));
    return ExitCode.OK;
  }

  private Costs costs() {
    NodeDetail detail = node == null ? null : member.client().network().node(node);
    Integer power = watts;
    if (power == null) {
      // A node that did not declare its power says 0.
      power = detail == null || detail.watts() == 0 ? missing("--watts") : detail.watts();
    }
    Long pace = speed;
    if (pace == null) {
      pace = detail == null ? (long) missing("--speed") : detail.node().fuelPerCpuSecond();
    }
    Integer places = slots;
    if (places == null) {
      places = detail == null ? missing("--slots") : detail.node().slots();
    }
    return new Costs(
        nanos("--electricity", electricity),
        power,
        idleWatts,
        nanos("--hardware", hardware),
        Math.multiplyExact(years, DAYS_PER_YEAR),
        Math.multiplyExact(utilisation, BASIS_POINTS_PER_PERCENT),
        pace,
        places,
        nanos("--open-value", openValue),
        basisPoints("--fee", fee),
        Math.multiplyExact(margin, BASIS_POINTS_PER_PERCENT));
  }

  private int missing(String option) {
    throw CommandFailure.usage(
        node == null
            ? "without a NODE, its watts, speed and slots must be given"
            : "the node did not declare its power",
        option,
        "openledger pool price suggest --help");
  }

  private static long nanos(String option, BigDecimal amount) {
    try {
      return amount.movePointRight(NANO_DIGITS).longValueExact();
    } catch (ArithmeticException unfit) {
      throw CommandFailure.usage(
          "an amount has at most 9 decimals and 9 digits before them, not " + amount, option, "");
    }
  }

  private static int basisPoints(String option, BigDecimal percent) {
    try {
      return percent.movePointRight(2).intValueExact();
    } catch (ArithmeticException unfit) {
      throw CommandFailure.usage("a percentage has at most 2 decimals, not " + percent, option, "");
    }
  }

  /** The costs are worth reckoning without a member too. */
  private RecentPrices recent() {
    try {
      var client = member.client();
      return RecentPrices.of(
          client,
          node == null ? null : client.network().node(node).node().pool().value(),
          ResourceClass.named(resourceClass));
    } catch (MemberUnreachable away) {
      return RecentPrices.none("no member answers at " + member.url());
    }
  }
}
