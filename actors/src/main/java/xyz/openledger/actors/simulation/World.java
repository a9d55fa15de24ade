package xyz.openledger.actors.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.actors.pool.Shown;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TaskId;

/** What the parts of one simulation share: what is there, what runs and waits, and who watches. */
final class World {
  final Scenario scenario;
  final Scheduler scheduler;
  final Wishes wishes;
  final Rules rules;
  private final boolean product;
  final Agenda agenda = new Agenda();
  final HourlyGrid grid;
  final Floor floor;
  final Books books;
  final Shown shown;
  final Outcomes outcomes = new Outcomes();
  final Map<JobId, LiveJob> live = new LinkedHashMap<>();
  final Map<TaskId, Invariants.Waits> waiting = new LinkedHashMap<>();
  final Invariants invariants;
  final StoppingInvariants stopping;
  final ShiftInvariants shifting;
  final BeliefInvariants belief;
  final QuotaInvariants quotas;
  final GangInvariants gangs;
  final Forecasts forecasts;
  final Runs runs;
  final JobLives jobs;
  final SpotMarket market;
  final Reserving ahead;

  World(
      Scenario scenario,
      Scheduler scheduler,
      String name,
      Wishes wishes,
      Rules rules,
      Quotas limits) {
    this.scenario = scenario;
    this.scheduler = scheduler;
    this.wishes = wishes;
    this.rules = rules;
    product = name.startsWith(Contender.OPENLEDGER.label);
    String where = name + ", seed " + scenario.seed();
    EpochSecret secret = EpochSecret.of(Fleet.bytes("epoch of seed " + scenario.seed()));
    grid = new HourlyGrid(scenario.seed());
    floor = new Floor(wishes.hourly() ? grid : null);
    books = rules.books();
    shown = new Shown(secret);
    quotas = new QuotaInvariants(where, limits);
    invariants = new Invariants(where, quotas);
    gangs = new GangInvariants(where);
    stopping = new StoppingInvariants(where);
    shifting = new ShiftInvariants(where);
    belief = new BeliefInvariants(where, secret);
    forecasts = new Forecasts(this);
    runs = new Runs(this);
    jobs = new JobLives(this);
    market = new SpotMarket(this, where);
    ahead = new Reserving(this, where);
    floor.withholding(ahead::withheld);
  }

  /**
   * Whether gangs are promised a start: by the product, not by those that it is compared with, and
   * where no slot is sold past the queue, which then knows of it only roughly for how long.
   */
  boolean judgesGangs() {
    return product && !wishes.market() && !wishes.ahead();
  }

  /** The last lease's number. */
  long fence;

  long nowMillis() {
    return agenda.nowMillis();
  }

  /** What runs, and for how long at the most. */
  List<GangInvariants.Lease> leases() {
    var leases = new ArrayList<GangInvariants.Lease>();
    for (LiveJob one : live.values()) {
      one.runs.forEach(
          (id, run) -> {
            JobReplica replica = Objects.requireNonNull(one.job.replica(id), "it runs");
            Node node = floor.machine(replica.grant().node()).node();
            leases.add(GangInvariants.lease(node, one.job.workload().fuelMax(), run.sinceMillis()));
          });
    }
    return leases;
  }
}
