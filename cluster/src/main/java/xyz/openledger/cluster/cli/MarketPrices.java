package xyz.openledger.cluster.cli;

import java.util.List;
import java.util.Optional;
import xyz.openledger.pools.market.PriceSuggestion.Recent;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.api.PoolMarket;
import xyz.openledger.protocol.client.ClientException;
import xyz.openledger.protocol.client.OpenLedgerClient;

/** What a pool's spot market cleared at lately, as far as leases were sold. */
final class MarketPrices {
  private static final int CLEARINGS_MAX = 1_000;

  private MarketPrices() {}

  /** Those of the pool that a node works in. */
  static Optional<RecentPrices> ofNode(OpenLedgerClient client, String node) {
    try {
      return of(client, client.network().node(node).node().pool().value(), ResourceClass.WASM);
    } catch (ClientException untold) {
      return Optional.empty();
    }
  }

  /** Nothing if nothing was sold there, or the member does not tell. */
  static Optional<RecentPrices> of(OpenLedgerClient client, String pool, ResourceClass of) {
    try {
      List<PoolMarket.Clearing> sold =
          client.network().market(pool, of.name(), CLEARINGS_MAX).clearings().stream()
              .filter(each -> each.units() > 0)
              .toList();
      if (sold.isEmpty()) {
        return Optional.empty();
      }
      List<Long> prices = sold.stream().map(PoolMarket.Clearing::priceNanoOpen).sorted().toList();
      int leases = Math.toIntExact(sold.stream().mapToLong(PoolMarket.Clearing::units).sum());
      return Optional.of(
          new RecentPrices(
              new Recent(
                  leases,
                  RecentPrices.rank(prices, 10),
                  RecentPrices.rank(prices, 50),
                  RecentPrices.rank(prices, 90)),
              "leases: %d of class %s, sold in the last %d clearings of the pool's spot market"
                  .formatted(leases, of, sold.size())));
    } catch (ClientException untold) {
      return Optional.empty();
    }
  }
}
