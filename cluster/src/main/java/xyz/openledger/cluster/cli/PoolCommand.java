package xyz.openledger.cluster.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.api.PoolDetail;
import xyz.openledger.protocol.api.PoolSummary;

@Command(
    name = "pool",
    description = "Shows the pools that work is routed to.",
    subcommands = {PoolCarbonCommand.class, PoolPriceCommand.class},
    footer = "%nExample: openledger pool list")
final class PoolCommand {

  @Command(
      name = "list",
      description = "Lists pools.",
      footer = "%nExample: openledger pool list -o json")
  int list(@Mixin Member member) {
    List<PoolSummary> pools = member.client().network().pools().stream().toList();
    member.print(pools, () -> table(pools));
    return ExitCode.OK;
  }

  @Command(
      name = "show",
      description = "Shows a pool with its members; region and carbon are declared.",
      footer = "%nExample: openledger pool show pool-m3hnvd5q")
  int show(
      @Mixin Member member,
      @Parameters(paramLabel = "POOL", description = "id or prefix") String pool) {
    PoolDetail detail = member.client().network().pool(pool);
    member.print(detail, () -> table(List.of(detail.pool())) + "\n" + members(detail));
    return ExitCode.OK;
  }

  private static String table(List<PoolSummary> pools) {
    var table = Table.of("ID", "NAME", "NODES", "SLOTS", "LEASED", "QUEUED");
    for (PoolSummary pool : pools) {
      table.row(
          Text.shortId(pool.id().value()),
          pool.name(),
          pool.nodes(),
          pool.slots(),
          pool.leased(),
          pool.queued());
    }
    return table.text();
  }

  private static String members(PoolDetail pool) {
    var table =
        Table.of("NODE", "NAME", "SLOTS", "REPUTATION", "PRICE/GFUEL", "REGION", "G CO2/KWH");
    for (PoolDetail.Member node : pool.members()) {
      table.row(
          Text.shortId(node.node().value()),
          node.name(),
          node.leased() + "/" + node.slots(),
          node.reputation(),
          Money.text(node.priceNanoOpenPerGigafuel()),
          node.region().isEmpty() ? "-" : node.region(),
          node.carbonGramsPerKwh());
    }
    return table.text();
  }
}
