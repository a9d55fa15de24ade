package xyz.openledger.cluster.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.pools.market.PriceHistory;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.api.PoolMarket;
import xyz.openledger.protocol.client.NetworkClient;

@Command(
    name = "history",
    description = "Shows the clearing prices of a class of work, by the hour or another interval.",
    footer = {
      "",
      "The classes: wasm, matmul, private-model, inference, finetune, onnx, tee (docs/market.md).",
      "",
      "Example: openledger pool price history hearth --class inference --interval PT1H"
    })
final class PriceHistoryCommand implements Callable<Integer> {
  private static final int CLEARINGS_MAX = 1_000;

  @Mixin Member member;

  @Parameters(paramLabel = "POOL", description = "id, prefix or name")
  String pool = "";

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      defaultValue = "wasm",
      description = "of which work (default wasm)")
  String resourceClass = "wasm";

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      defaultValue = "PT1H",
      description = "summed up by so much time (default PT1H)")
  String interval = "PT1H";

  PriceHistoryCommand(Shell shell) {
    this.member = new Member(shell);
  }

  @Override
  public Integer call() {
    var of = ResourceClass.named(resourceClass);
    NetworkClient network = member.client().network();
    PoolMarket market = network.market(PoolCommand.id(network, pool), of.name(), CLEARINGS_MAX);
    var history = new PriceHistory(millis(), CLEARINGS_MAX);
    market
        .clearings()
        .reversed()
        .forEach(each -> history.note(of, each.atMillis(), each.priceNanoOpen()));
    List<PriceHistory.Summary> summaries = history.of(of).reversed();
    member.print(summaries, () -> text(of, market, summaries));
    return ExitCode.OK;
  }

  private static String text(
      ResourceClass of, PoolMarket market, List<PriceHistory.Summary> summaries) {
    if (summaries.isEmpty()) {
      return "nothing of class %s was sold on the spot in %s yet\n".formatted(of, market.name());
    }
    var table = Table.of("FROM", "CLEARINGS", "P10/GFUEL", "P50", "P90");
    for (PriceHistory.Summary each : summaries) {
      table.row(
          Text.moment(each.startMillis()),
          each.prices(),
          Money.text(each.p10NanoOpen()),
          Money.text(each.p50NanoOpen()),
          Money.text(each.p90NanoOpen()));
    }
    return table.text();
  }

  private long millis() {
    try {
      return Duration.parse(interval).toMillis();
    } catch (DateTimeParseException | ArithmeticException unread) {
      throw CommandFailure.usage(
          "'%s' is no duration; write it as PT1H or P1D".formatted(interval), "--interval", "");
    }
  }
}
