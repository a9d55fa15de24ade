package xyz.openledger.cluster.cli;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.market.PriceSuggestion;
import xyz.openledger.pools.market.PriceSuggestion.Costs;
import xyz.openledger.pools.market.PriceSuggestion.Recent;

/** A suggested price, one line a step, so that it can be reckoned again by hand. */
final class PriceText {
  private PriceText() {}

  /** What went in and what came out, for programs. */
  record Reckoning(Costs costs, @Nullable Recent recent, PriceSuggestion suggestion) {}

  static String of(Costs costs, RecentPrices recent, PriceSuggestion suggestion) {
    String busy = percent(costs.utilisationBasisPoints());
    var steps = Table.of("STEP", "RECKONING", "RESULT");
    steps.row(
        "electricity of an hour of work",
        "%d W × %s / 1000".formatted(costs.watts(), amount(costs.kilowattHourNanos())),
        amount(suggestion.energyNanos()));
    steps.row(
        "of the idle time with it",
        "%d W × %s / 1000 × (100 %% - %s) / %s"
            .formatted(costs.idleWatts(), amount(costs.kilowattHourNanos()), busy, busy),
        amount(suggestion.idleNanos()));
    steps.row(
        "depreciation",
        "%s / (%d days × 24 h × %s)"
            .formatted(amount(costs.hardwareNanos()), costs.lifeDays(), busy),
        amount(suggestion.wearNanos()));
    steps.row("an hour of work costs", "the three together", amount(suggestion.hourNanos()));
    steps.row(
        "and burns",
        "%s fuel/s × %d slots × 3600 s"
            .formatted(Text.count(costs.fuelPerCpuSecond()), costs.slots()),
        Text.count(suggestion.fuelPerHour()) + " fuel");
    steps.row(
        "10^9 fuel cost", "cost of the hour / its fuel × 10^9", amount(suggestion.gigafuelNanos()));
    steps.row(
        "break-even",
        "/ %s for one OPEN / (100 %% - %s fee)"
            .formatted(amount(costs.openNanos()), percent(costs.feeBasisPoints())),
        Money.text(suggestion.breakEvenNanoOpen()));
    steps.row(
        "with your margin",
        "× (100 %% + %s)".formatted(percent(costs.marginBasisPoints())),
        Money.text(suggestion.targetNanoOpen()));
    return steps.text()
        + "\n"
        + market(recent)
        + "\nSuggested price per 10^9 fuel: "
        + Money.text(suggestion.suggestedNanoOpen())
        + (suggestion.suggestedNanoOpen() > suggestion.targetNanoOpen()
            ? " (the middle of what was paid lately; your costs would allow less)\n"
            : " (break-even with your margin)\n")
        + warning(recent.summary(), suggestion)
        + "Each step is rounded up. All slots are taken to work at once at the measured\n"
        + "speed, which is that of a small loop: programs may burn fuel more slowly.\n";
  }

  private static String market(RecentPrices recent) {
    Recent paid = recent.summary();
    return paid == null
        ? Text.printable(recent.note()) + "\n"
        : "Paid lately per 10^9 fuel: p10 %s, p50 %s, p90 %s\n(%s)\n"
            .formatted(
                Money.text(paid.p10NanoOpen()),
                Money.text(paid.p50NanoOpen()),
                Money.text(paid.p90NanoOpen()),
                recent.note());
  }

  private static String warning(@Nullable Recent paid, PriceSuggestion suggestion) {
    return paid != null && suggestion.breakEvenNanoOpen() > paid.p90NanoOpen()
        ? "Nine of ten were paid less than it takes you to break even.\n"
        : "";
  }

  private static String amount(long nanos) {
    var plain = BigDecimal.valueOf(nanos, 9).stripTrailingZeros();
    return plain.setScale(Math.max(2, plain.scale())).toPlainString();
  }

  private static String percent(int basisPoints) {
    return BigDecimal.valueOf(basisPoints, 2).stripTrailingZeros().toPlainString() + " %";
  }
}
