package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.pools.market.EarningsForecast;
import xyz.openledger.pools.market.PriceSuggestion.Recent;

@Command(
    name = "forecast",
    description = "Foresees a node's earnings from its own past days, as a band.",
    footer = "%nExample: openledger earnings forecast node-k7pw3zmx --days 30")
final class EarningsForecastCommand implements Callable<Integer> {
  private static final int DAYS_MAX = 366;

  @Mixin Member member;

  @Parameters(paramLabel = "NODE", description = "id, prefix or name")
  String node = "";

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "30",
      description = "how many are foreseen (default 30)")
  int days;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "of the draws: the same one gives the same band (default 1)")
  long seed;

  EarningsForecastCommand(Shell shell) {
    this.member = new Member(shell);
  }

  /**
   * What is told to programs.
   *
   * @param forecast absent if the history is too short
   */
  record Outlook(
      List<Long> dailyNanoOpen,
      int undatedReplicas,
      @Nullable EarningsForecast forecast,
      @Nullable Recent market) {}

  @Override
  public Integer call() {
    if (days < 1 || days > DAYS_MAX) {
      throw CommandFailure.usage(
          "1 to %d days can be foreseen, not %d".formatted(DAYS_MAX, days),
          "--days",
          "openledger earnings forecast --help");
    }
    EarningDays history =
        EarningDays.of(
            member.client(),
            member.client().accounts().earnings(NodeNames.id(member.client(), node)),
            Clock.system(ZoneId.systemDefault()));
    var forecast = EarningsForecast.of(history.dailyNanoOpen(), days, seed).orElse(null);
    var client = member.client();
    RecentPrices market =
        MarketPrices.ofNode(client, NodeNames.id(client, node))
            .orElse(RecentPrices.none("nothing was sold on the pool's spot"));
    member.print(
        new Outlook(history.dailyNanoOpen(), history.undatedReplicas(), forecast, market.summary()),
        () -> (forecast == null ? tooShort(history) : text(forecast, history)) + spot(market));
    return ExitCode.OK;
  }

  private static String tooShort(EarningDays history) {
    return ("No forecast yet: there are %d whole days of history, and fewer than %d say nothing"
            + " about a month.%n%s")
        .formatted(
            history.dailyNanoOpen().size(), EarningsForecast.HISTORY_DAYS_MIN, undated(history));
  }

  private static String text(EarningsForecast forecast, EarningDays history) {
    return Table.fields(
            List.of(
                field("p10", Money.text(forecast.p10NanoOpen()) + "   one in ten may bring less"),
                field("p50", Money.text(forecast.p50NanoOpen())),
                field("p90", Money.text(forecast.p90NanoOpen()) + "   one in ten may bring more"),
                field("days ahead", forecast.days()),
                field("rests on", forecast.historyDays() + " past days, seed " + forecast.seed())))
        + "\nNet of the network's fee, before your electricity. It foresees more of the same: on\n"
        + "simulated nodes the band held 73 to 92 of 100 months (docs/market.md).\n"
        + undated(history);
  }

  private static String spot(RecentPrices market) {
    Recent recent = market.summary();
    return recent == null
        ? ""
        : "The spot cleared at %s to %s a gigafuel (P10 to P90), %s in the middle; %s.%n"
            .formatted(
                Money.text(recent.p10NanoOpen()),
                Money.text(recent.p90NanoOpen()),
                Money.text(recent.p50NanoOpen()),
                market.note());
  }

  private static String undated(EarningDays history) {
    return history.undatedReplicas() == 0
        ? ""
        : "%d paid replicas are left out: their jobs are not to be seen with this token.%n"
            .formatted(history.undatedReplicas());
  }
}
