package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.market.Clearing;
import xyz.openledger.pools.market.Market;
import xyz.openledger.pools.market.MarketTerms;
import xyz.openledger.pools.market.Order;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.market.Side;

/**
 * How many orders a CPU-second the market takes, holds budgets for, clears and settles; beside
 * exchange-core, which matches each order as it comes and checks balances too. A different
 * mechanism for the same orders.
 */
public final class AuctionBench {
  private static final long FUNDS_NANO_OPEN = 1L << 50;
  private static final double NANOS_PER_SECOND = 1e9;

  private AuctionBench() {}

  /**
   * What to run.
   *
   * @param batch orders between two clearings
   * @param warmUp rounds of each that are thrown away
   * @param peer folder that {@code benchmarks/auction-beside-exchange-core} made; absent for none
   * @param data a folder on the disk of this machine
   */
  public record Options(
      int orders, int batch, int rounds, int warmUp, long seed, @Nullable Path peer, Path data) {}

  private record Outcome(AuctionReport.Run run, String digest, List<String> findings) {}

  /** Runs ours and the peer's rounds in turn. */
  public static AuctionReport run(Options options, Consumer<String> progress) throws IOException {
    Files.createDirectories(options.data);
    var surroundings = Surroundings.before(options.data);
    var stream = OrderStream.of(options.orders, options.seed);
    var ours = new ArrayList<AuctionReport.Run>();
    var theirs = new ArrayList<AuctionReport.Run>();
    var digests = new LinkedHashSet<String>();
    var findings = new LinkedHashSet<String>();
    try (ExchangePeer peer =
        options.peer == null
            ? null
            : ExchangePeer.start(options.peer, options.orders, options.seed)) {
      for (int round = -options.warmUp; round < options.rounds; round++) {
        Outcome outcome = round(stream, options.batch);
        digests.add(outcome.digest);
        findings.addAll(outcome.findings);
        AuctionReport.Run other = peer == null ? null : peer.round(options.orders);
        if (round >= 0) {
          ours.add(outcome.run);
          if (other != null) {
            theirs.add(other);
          }
        }
        progress.accept(
            "round %d%s: %.0f orders per CPU-second%s"
                .formatted(
                    round + options.warmUp + 1,
                    round < 0 ? " (warm-up)" : "",
                    outcome.run.ordersPerCpuSecond(),
                    other == null
                        ? ""
                        : "; exchange-core %.0f".formatted(other.ordersPerCpuSecond())));
      }
    }
    if (digests.size() > 1) {
      findings.add("the same orders gave different trades: " + digests);
    }
    double mine = median(ours);
    double peers = median(theirs);
    return new AuctionReport(
        surroundings.after(),
        options.orders,
        options.batch,
        options.seed,
        ours,
        theirs,
        mine,
        peers,
        peers == 0 ? 0 : Rounded.to2(mine / peers),
        digests.getFirst(),
        List.copyOf(findings));
  }

  private static Outcome round(OrderStream stream, int batch) {
    var market = new Market(MarketTerms.DEFAULT);
    var parties = new String[OrderStream.USERS];
    for (int user = 0; user < parties.length; user++) {
      parties[user] = "u" + user;
      market.fund(parties[user], FUNDS_NANO_OPEN);
    }
    long refused = 0;
    long trades = 0;
    double cpu = cpuSeconds();
    long wall = System.nanoTime();
    for (int i = 0; i < stream.size(); i++) {
      var order =
          new Order(
              i,
              stream.bid()[i] ? Side.BID : Side.ASK,
              parties[stream.user()[i]],
              stream.price()[i],
              stream.units()[i],
              stream.once()[i] ? Order.Until.NEXT_CLEARING : Order.Until.CANCELLED);
      refused += market.place(ResourceClass.WASM, order).isPresent() ? 1 : 0;
      if ((i + 1) % batch == 0 || i + 1 == stream.size()) {
        Clearing clearing = market.clear(ResourceClass.WASM);
        trades += clearing.trades().size();
      }
    }
    double wallSeconds = (System.nanoTime() - wall) / NANOS_PER_SECOND;
    double cpuSeconds = cpuSeconds() - cpu;
    var findings = new ArrayList<>(market.audit());
    if (refused > 0) {
      findings.add(refused + " orders were refused");
    }
    return new Outcome(
        new AuctionReport.Run(
            Math.round(stream.size() / cpuSeconds),
            Math.round(stream.size() / wallSeconds),
            trades),
        market.history().toString(),
        findings);
  }

  private static double median(List<AuctionReport.Run> runs) {
    return Rounded.median(runs.stream().map(AuctionReport.Run::ordersPerCpuSecond).toList());
  }

  private static double cpuSeconds() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime() / NANOS_PER_SECOND
        : 0;
  }
}
