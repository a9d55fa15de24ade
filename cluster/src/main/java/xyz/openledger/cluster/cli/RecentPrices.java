package xyz.openledger.cluster.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.market.PriceSuggestion.Recent;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.api.JobDetail.ReplicaState;
import xyz.openledger.protocol.api.JobDetail.ReplicaView;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.client.OpenLedgerClient;

/**
 * What accepted replicas of the newest settled jobs were paid, as far as the token may see them.
 *
 * @param summary absent if there are none
 * @param note how many there are and of what, or why there are none
 */
record RecentPrices(@Nullable Recent summary, String note) {
  private static final int JOBS_MAX = 50;

  static RecentPrices none(String why) {
    return new RecentPrices(null, "no recent prices: " + why);
  }

  /** What the spot market of that pool cleared at, else what settled jobs paid. */
  static RecentPrices of(OpenLedgerClient client, @Nullable String pool, ResourceClass of) {
    return pool == null
        ? of(client, of)
        : MarketPrices.of(client, pool, of).orElseGet(() -> of(client, of));
  }

  private static RecentPrices of(OpenLedgerClient client, ResourceClass of) {
    // What a job was of is told in its own file alone; most are of WebAssembly.
    if (!of.equals(ResourceClass.WASM)) {
      return none("nothing of class " + of + " was sold on the pool's spot");
    }
    try {
      var jobs = client.jobs().list(JobState.SETTLED, Map.of()).stream().limit(JOBS_MAX).toList();
      List<Long> prices =
          jobs.stream()
              .flatMap(job -> client.jobs().show(job.id().value()).tasks().stream())
              .flatMap(task -> task.replicas().stream())
              .filter(replica -> replica.state() == ReplicaState.ACCEPTED)
              .map(ReplicaView::priceNanoOpenPerGigafuel)
              .sorted()
              .toList();
      if (prices.isEmpty()) {
        return none("no settled job is to be seen");
      }
      return new RecentPrices(
          new Recent(prices.size(), rank(prices, 10), rank(prices, 50), rank(prices, 90)),
          "accepted replicas: %d, of newest settled jobs that your token sees: %d"
              .formatted(prices.size(), jobs.size()));
    } catch (MemberRefusal refused) {
      return none(refused.problem().title());
    }
  }

  static long rank(List<Long> sorted, int percent) {
    return sorted.get(Math.ceilDiv(sorted.size() * percent, 100) - 1);
  }
}
