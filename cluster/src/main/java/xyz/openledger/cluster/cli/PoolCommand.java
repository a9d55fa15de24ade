package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import xyz.openledger.protocol.api.PoolChange;
import xyz.openledger.protocol.api.PoolDetail;
import xyz.openledger.protocol.api.PoolRequest;
import xyz.openledger.protocol.api.PoolSummary;
import xyz.openledger.protocol.api.PoolTerms;
import xyz.openledger.protocol.client.NetworkClient;

@Command(
    name = "pool",
    description = "Shows the pools that work is routed to, opens them, sets their terms.",
    subcommands = {PoolCarbonCommand.class, PoolPriceCommand.class, PoolQuotaCommand.class},
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
      @Parameters(paramLabel = "POOL", description = "id, prefix or name") String pool) {
    NetworkClient network = member.client().network();
    PoolDetail detail = network.pool(id(network, pool));
    member.print(detail, () -> text(detail) + "\n" + members(detail) + quotas(detail));
    return ExitCode.OK;
  }

  @Command(
      name = "create",
      description = "Opens a pool. Machines join it with codes from node claim.",
      footer = "%nExample: openledger pool create eu-hearth --queue-max 5000")
  int create(
      @Mixin Member member,
      @Parameters(paramLabel = "NAME", description = "1 to 63 of a-z, 0-9 and -") String name,
      @Mixin PoolOptions options) {
    PoolDetail detail =
        member.client().network().createPool(new PoolRequest(name, options.change()));
    member.print(detail, () -> text(detail));
    return ExitCode.OK;
  }

  @Command(
      name = "set",
      description = "Changes those terms of a pool that are given; what waits goes on waiting.",
      footer = "%nExample: openledger pool set hearth --exploration-basis-points 500")
  int set(
      @Mixin Member member,
      @Parameters(paramLabel = "POOL", description = "id, prefix or name") String pool,
      @Mixin PoolOptions options) {
    PoolChange change = options.change();
    if (change.equals(PoolChange.NONE)) {
      throw CommandFailure.usage("say what to change", "--queue-max", "openledger pool set --help");
    }
    NetworkClient network = member.client().network();
    PoolDetail detail = network.setPool(id(network, pool), change);
    member.print(detail, () -> text(detail));
    return ExitCode.OK;
  }

  /** A name is looked up; what looks like an id is left to the member. */
  static String id(NetworkClient network, String pool) {
    if (pool.startsWith("pool-")) {
      return pool;
    }
    List<String> named =
        network.pools().stream()
            .filter(each -> each.name().equals(pool))
            .map(each -> each.id().value())
            .toList();
    if (named.size() != 1) {
      throw CommandFailure.usage(
          named.isEmpty()
              ? "there is no pool named " + pool
              : "%d pools are named %s; give an id".formatted(named.size(), pool),
          "POOL",
          "openledger pool list");
    }
    return named.getFirst();
  }

  private static String text(PoolDetail detail) {
    PoolTerms terms = detail.terms();
    return table(List.of(detail.pool()))
        + "\n"
        + Table.fields(
            List.of(
                field("as good as the best", "within %d of 10000".formatted(terms.scoreMargin())),
                field("newcomers tried", "%d of 10000".formatted(terms.explorationBasisPoints())),
                field("may wait", "%d tasks".formatted(terms.queueMax())),
                field(
                    "spot clears every", Text.duration(Duration.ofMillis(terms.clearingMillis()))),
                field("makes room", preemption(terms)),
                field("admits", admits(detail)),
                field(
                    "prefers",
                    terms.prefer() == null
                        ? "all nodes alike"
                        : terms.prefer() + "   (a tenth of a score at the most)")));
  }

  private static String preemption(PoolTerms terms) {
    Long after = terms.preemptAfterMillis();
    Long notice = terms.noticeMillis();
    return after == null || notice == null
        ? "not said"
        : "for what has waited %s, with %s notice"
            .formatted(
                Text.duration(Duration.ofMillis(after)), Text.duration(Duration.ofMillis(notice)));
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

  private static String admits(PoolDetail pool) {
    String admit = pool.terms().admit();
    if (admit == null) {
      return "every node";
    }
    int outside = pool.terms().nodesOutside();
    String whom =
        outside == 0
            ? "all that are there"
            : pool.pool().nodes() == 0
                ? "none of the %d that are there: nothing can run here".formatted(outside)
                : "%d are there and do not meet it".formatted(outside);
    return admit + "   (" + whom + ")";
  }

  private static String quotas(PoolDetail pool) {
    return pool.quotas().isEmpty() ? "" : "\n" + PoolQuotaCommand.table(pool);
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
          Text.carbon(node.carbonGramsPerKwh()));
    }
    return table.text();
  }
}
