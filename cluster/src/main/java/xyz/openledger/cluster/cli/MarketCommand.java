package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.api.PoolMarket;
import xyz.openledger.protocol.api.PoolSummary;
import xyz.openledger.protocol.api.Reservation;
import xyz.openledger.protocol.api.ReservationRequest;
import xyz.openledger.protocol.api.Reservations;
import xyz.openledger.protocol.client.NetworkClient;

@Command(
    name = "market",
    description = "Shows what capacity costs in a pool, and buys it ahead.",
    footer = "%nExample: openledger market show hearth")
final class MarketCommand {
  private static final int SHOWN = 10;

  @Command(
      name = "show",
      description = "Shows posted price, depth and last clearings; of all pools if none is named.",
      footer = "%nExample: openledger market show hearth")
  int show(
      @Mixin Member member,
      @Parameters(paramLabel = "POOL", arity = "0..1", description = "id, prefix or name")
          @Nullable String pool,
      @Option(
              names = "--class",
              paramLabel = "CLASS",
              defaultValue = "wasm",
              description = "of which work: wasm (default), inference, finetune, tee ...")
          String resourceClass) {
    NetworkClient network = member.client().network();
    String of = ResourceClass.named(resourceClass).name();
    List<PoolMarket> markets =
        pools(network, pool).stream().map(id -> network.market(id, of, SHOWN)).toList();
    member.print(
        markets, () -> String.join("\n", markets.stream().map(MarketCommand::text).toList()));
    return ExitCode.OK;
  }

  @Command(
      name = "history",
      description = "Shows the last clearings of a pool, newest first.",
      footer = "%nExample: openledger market history hearth --clearings 100")
  int history(
      @Mixin Member member,
      @Parameters(paramLabel = "POOL", description = "id, prefix or name") String pool,
      @Option(
              names = "--clearings",
              paramLabel = "N",
              defaultValue = "50",
              description = "how many, at most 1000 (default 50)")
          int clearings,
      @Option(
              names = "--class",
              paramLabel = "CLASS",
              defaultValue = "wasm",
              description = "of which work: wasm (default), inference, finetune, tee ...")
          String resourceClass) {
    NetworkClient network = member.client().network();
    String of = ResourceClass.named(resourceClass).name();
    PoolMarket market = network.market(PoolCommand.id(network, pool), of, clearings);
    member.print(market.clearings(), () -> clearings(market));
    return ExitCode.OK;
  }

  @Command(
      name = "reserve",
      description = "Buys slots ahead by a sealed reverse auction: all of them or none.",
      footer = "%nExample: openledger market reserve hearth --slots 2 --period PT1H --max 0.5")
  int reserve(
      @Mixin Member member,
      @Parameters(paramLabel = "POOL", description = "id, prefix or name") String pool,
      @Option(names = "--slots", required = true, paramLabel = "N", description = "how many")
          int slots,
      @Option(
              names = "--period",
              required = true,
              paramLabel = "DURATION",
              description = "for how long from now, such as PT1H or P1D")
          String period,
      @Option(
              names = "--max",
              required = true,
              paramLabel = "AMOUNT",
              converter = Money.Converter.class,
              description = "the most in OPEN for one slot and an hour")
          Money max,
      @Option(
              names = "--idempotency-key",
              paramLabel = "KEY",
              description = "a repeat under the same key buys nothing twice")
          @Nullable String key) {
    NetworkClient network = member.client().network();
    var request = new ReservationRequest(slots, millis(period), max.nanoOpen());
    Reservations bought =
        network.reserve(
            PoolCommand.id(network, pool),
            request,
            key == null ? UUID.randomUUID().toString() : key);
    member.print(bought, () -> reservations(bought.reservations()));
    return ExitCode.OK;
  }

  private static long millis(String period) {
    try {
      return Duration.parse(period).toMillis();
    } catch (DateTimeParseException | ArithmeticException unread) {
      throw CommandFailure.usage(
          "'%s' is no duration; write it as PT1H or P1D".formatted(period), "--period", "");
    }
  }

  private static List<String> pools(NetworkClient network, @Nullable String pool) {
    return pool == null
        ? network.pools().stream().map(PoolSummary::id).map(id -> id.value()).toList()
        : List.of(PoolCommand.id(network, pool));
  }

  private static String text(PoolMarket market) {
    var fields =
        new ArrayList<>(
            List.of(
                field("pool", market.name()),
                field("class", market.resourceClass() + ", prices for 10^9 fuel, by the lease"),
                field(
                    "sold so far",
                    market.traded().isEmpty() ? "nothing" : String.join(", ", market.traded())),
                field("posted price", price(market.postedNanoOpen(), "no clearing yet")),
                field("last clearing", price(market.lastNanoOpen(), "none yet")),
                field("clears every", Text.duration(Duration.ofMillis(market.clearingMillis()))),
                field("bid for", depth(market.bidUnits(), market.bestBidNanoOpen(), "up to")),
                field("for sale", depth(market.askUnits(), market.bestAskNanoOpen(), "from")),
                field(
                    "reserved slots",
                    "%d kept, %d for sale"
                        .formatted(market.reservedSlots(), market.reservableSlots()))));
    String text = Table.fields(List.copyOf(fields));
    if (!market.clearings().isEmpty()) {
      text += "\n" + clearings(market);
    }
    return market.reservations().isEmpty()
        ? text
        : text + "\n" + reservations(market.reservations());
  }

  private static String depth(int leases, @Nullable Long best, String word) {
    return leases + " leases" + (best == null ? "" : ", %s %s".formatted(word, Money.text(best)));
  }

  private static String price(@Nullable Long nanoOpen, String otherwise) {
    return nanoOpen == null ? otherwise : Money.text(nanoOpen);
  }

  private static String clearings(PoolMarket market) {
    var table = Table.of("CLEARING", "AT", "PRICE/GFUEL", "SOLD", "BID FOR", "FOR SALE");
    for (PoolMarket.Clearing each : market.clearings()) {
      table.row(
          each.round(),
          Text.moment(each.atMillis()),
          Money.text(each.priceNanoOpen()),
          each.units(),
          each.bidUnits(),
          each.askUnits());
    }
    return table.text();
  }

  /** Its money is held under an id like that of a job; it is none. */
  private static String reservation(Reservation each) {
    return Text.shortId(each.id().value()).replaceFirst("^job-", "reservation-");
  }

  private static String reservations(List<Reservation> reservations) {
    var table = Table.of("RESERVATION", "NODE", "SLOTS", "PRICE", "STATE", "UNTIL", "EARNED");
    for (Reservation each : reservations) {
      table.row(
          reservation(each),
          Text.shortId(each.node().value()),
          each.slots(),
          Money.text(each.priceNanoOpen()),
          each.state() + (each.detail().isEmpty() ? "" : ": " + each.detail()),
          Text.moment(each.untilMillis()),
          Money.text(each.earnedNanoOpen()));
    }
    return table.text();
  }
}
