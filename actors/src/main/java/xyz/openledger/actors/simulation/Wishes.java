package xyz.openledger.actors.simulation;

import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.TenantId;

/**
 * What jobs ask for, and what is known of the grid, beside what a scenario says. Nothing of it
 * changes what is drawn, so that runs of one seed can be compared.
 *
 * @param hedged every job asks for second replicas beside stragglers, and has the money
 * @param preemptible jobs of low priority may be stopped after notice, half of them with a saved
 *     state
 * @param hourly grids are known by the hour, and differ by it
 * @param shifts jobs that weigh carbon may wait for a cleaner hour
 * @param limited tenants have quotas, lend half of what is theirs and may borrow
 * @param market cheap single jobs bid on the spot, and what is bought at once has a posted price
 * @param ahead hurried single jobs that go anywhere run on slots that their tenants buy ahead
 */
record Wishes(
    boolean hedged,
    boolean preemptible,
    boolean hourly,
    boolean shifts,
    boolean limited,
    boolean market,
    boolean ahead) {
  static final Wishes NONE = new Wishes(false, false, false, false, false, false, false);
  static final Wishes HEDGED = new Wishes(true, false, false, false, false, false, false);
  static final Wishes PREEMPTIBLE = new Wishes(false, true, false, false, false, false, false);
  static final Wishes HOURLY = new Wishes(false, false, true, false, false, false, false);
  static final Wishes SHIFTS = new Wishes(false, false, true, true, false, false, false);
  static final Wishes LIMITED = new Wishes(false, false, false, false, true, false, false);
  static final Wishes MARKET = new Wishes(false, false, false, false, false, true, false);
  static final Wishes AHEAD = new Wishes(false, false, false, false, false, false, true);

  /** In 10^-9 OPEN: above what any machine takes at the least, about what they ask at once. */
  private static final long BID_LEAST = 1_100_000;

  private static final long BID_RANGE = 1_400_000;
  private static final int LOW = 3;

  /** Whether a job says that it may be stopped. */
  boolean mayStop(Arrival arrival) {
    return preemptible && !arrival.gang() && arrival.priority() <= LOW;
  }

  /** Whether a job is a training, which saves its state when it has to stop. */
  boolean trains(Arrival arrival) {
    return mayStop(arrival) && arrival.number() % 2 == 0;
  }

  /** Whether a job says that it may wait for a cleaner hour. */
  boolean mayWait(Arrival arrival) {
    return shifts && !arrival.gang() && arrival.weights().carbon() > 0;
  }

  /** Whether a job buys on the spot. */
  boolean buysOnTheSpot(Arrival arrival) {
    return market && arrival.isCheapest();
  }

  /** Whether a job runs on slots that its tenant bought ahead. */
  boolean boughtAhead(Arrival arrival) {
    return ahead && arrival.isHurried() && !arrival.gang() && arrival.regions().isEmpty();
  }

  /** What a job pays at the most for a gigafuel; who bids does not bid alike. */
  long priceMax(Arrival arrival) {
    return buysOnTheSpot(arrival)
        ? Math.min(arrival.priceMax(), BID_LEAST + BID_RANGE * (arrival.number() % 16) / 16)
        : arrival.priceMax();
  }

  /** Each tenant's part of all slots by the work that it brings; of that it lends half. */
  Quotas quotas(Scenario scenario) {
    if (!limited) {
      return Quotas.NONE;
    }
    int slots = scenario.machines().stream().mapToInt(each -> each.node().slots()).sum();
    Map<TenantId, Double> work = new TreeMap<>();
    double all = 0;
    for (Arrival arrival : scenario.arrivals()) {
      double its = (double) arrival.workFuel() * arrival.tasks();
      work.merge(arrival.tenant(), its, Double::sum);
      all += its;
    }
    Quotas quotas = Quotas.NONE;
    for (var each : work.entrySet()) {
      int own = (int) (slots * each.getValue() / all);
      quotas = quotas.with(each.getKey(), new Quotas.Quota(1, own, slots, own / 2));
    }
    return quotas;
  }
}
