package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * exchange-core in its own JVM, one round a line; {@code benchmarks/auction-beside-exchange-core}.
 */
record ExchangePeer(PeerProcess process) implements AutoCloseable {
  private static final int MINUTES_MAX = 5;

  /** Starts what {@code folder} holds. */
  static ExchangePeer start(Path folder, int orders, long seed) throws IOException {
    return new ExchangePeer(
        PeerProcess.start(folder, List.of(Integer.toString(orders), Long.toString(seed))));
  }

  /** Has it run a round. */
  AuctionReport.Run round(int orders) throws IOException {
    return process.round(
        "go",
        MINUTES_MAX,
        figures ->
            new AuctionReport.Run(
                Math.round(orders / Double.parseDouble(figures.get(0))),
                Math.round(orders / Double.parseDouble(figures.get(1))),
                Long.parseLong(figures.get(2))));
  }

  @Override
  public void close() {
    process.close();
  }
}
