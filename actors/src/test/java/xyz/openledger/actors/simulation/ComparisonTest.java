package xyz.openledger.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.Json;

class ComparisonTest {
  private static final Comparison.Plan SMALL = new Comparison.Plan(7, 2, 12, 120, 120, null);

  @Test
  void givesTheSameBytesForTheSameSeed() {
    String once = Json.pretty(Comparison.run(SMALL, _ -> {}));

    assertThat(Json.pretty(Comparison.run(SMALL, _ -> {}))).isEqualTo(once);
    assertThat(once).contains("fragmentation-gradient").contains("\"verdict\"");
  }

  @Test
  void finishesEveryJobUnderEveryScheduler() {
    for (SimulationReport.Row row : Comparison.run(SMALL, _ -> {}).rows()) {
      assertThat(row.figures().settled() + row.figures().failed()).isEqualTo(120);
      assertThat(row.figures().settled()).as(row.scheduler()).isPositive();
    }
  }

  @Test
  void runsTheProductOnceMoreWithHedgesAndTheOthersAsBefore() {
    List<SimulationReport.Row> plain = Comparison.run(SMALL, _ -> {}).rows();
    List<SimulationReport.Row> hedged =
        Comparison.run(
                new Comparison.Plan(7, 2, 12, 120, 120, null, true, false, false, false, false),
                _ -> {})
            .rows();

    assertThat(hedged).containsAll(plain).hasSize(plain.size() + 2);
    assertThat(hedged)
        .filteredOn(row -> row.scheduler().equals("openledger, hedged"))
        .allSatisfy(
            row -> assertThat(row.figures().settled() + row.figures().failed()).isEqualTo(120));
  }

  /** What a scheduler must never do, done by one that otherwise does as production does. */
  private enum Fault {
    OVER_ALLOCATES("breaks slot"),
    HALF_A_GANG("of a gang"),
    BREAKS_A_POLICY("breaks"),
    STARVES("beyond the bound"),
    PUTS_A_GANG_OFF("was put off by");

    final String words;

    Fault(String words) {
      this.words = words;
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aPlantedFaultMakesItFail(Fault fault) {
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed <= 20; seed++) {
                Scenario scenario =
                    fault == Fault.PUTS_A_GANG_OFF
                        ? gangs(seed)
                        : Scenario.draw(seed, new Scenario.Size(10, 300, 300, null));
                var usefulness = new Usefulness(scenario);
                var faulty = new Faulty(new Production(seed), fault);
                new Simulation(scenario, faulty, usefulness, "openledger").run();
              }
            })
        .isInstanceOf(Invariants.Violation.class)
        .hasMessageContaining(fault.words);
  }

  /** Machines that never leave are full, a gang waits, and small long work comes for an hour. */
  private static Scenario gangs(long seed) {
    var rows = new ArrayList<Trace.Row>();
    var tenant = new TenantId("ada");
    for (int i = 0; i < 70; i++) {
      rows.add(new Trace.Row(0, tenant, 1, 18_000 + 40 * i, 64, 4, false, ""));
    }
    rows.add(new Trace.Row(60, tenant, 8, 600, 64, 4, true, ""));
    for (int i = 0; i < 60; i++) {
      rows.add(new Trace.Row(60.0 * (70 + i), tenant, 1, 10_000, 64, 4, false, ""));
    }
    return Scenario.draw(seed, new Scenario.Size(8, rows.size(), 100, rows));
  }

  @Test
  void gangsAreJudgedAndNoneIsPutOff() {
    int judged = 0;
    for (long seed = 1; seed <= 3; seed++) {
      Scenario scenario = gangs(seed);
      var simulation =
          new Simulation(scenario, new Production(seed), new Usefulness(scenario), "openledger");
      simulation.run();
      judged += simulation.gangsJudged();
    }

    assertThat(judged).isPositive();
  }

  @Test
  void moneyThatIsMadeIsSeen() {
    var books = new Books();
    var tenant = new TenantId("ada");
    var job = JobId.of(tenant, "one");
    books.mint(tenant, 100);
    books.hold(tenant, job, 40);
    var invariants = new Invariants("test", new QuotaInvariants("test", Quotas.NONE));
    invariants.step(Map.of(), Roster.EMPTY, books, 0);

    books.pay(job, Address.of(new byte[20]), 41);

    assertThatThrownBy(() -> invariants.step(Map.of(), Roster.EMPTY, books, 0))
        .hasMessageContaining("overdrawn");
  }

  private record Faulty(Scheduler honest, Fault fault, Map<TaskId, PoolQueue.Entry> aside)
      implements Scheduler {
    Faulty(Scheduler honest, Fault fault) {
      this(honest, fault, new HashMap<>());
    }

    @Override
    public void offer(PoolQueue.Entry entry, long nowMillis) {
      if (fault == Fault.PUTS_A_GANG_OFF && entry.request().scheduling().gang()) {
        aside.put(entry.request().task(), entry);
      } else {
        // The last that came is then the first by rank.
        honest.offer(entry, fault == Fault.STARVES ? -nowMillis : nowMillis);
      }
    }

    @Override
    public void cancel(TaskId task) {
      aside.remove(task);
      honest.cancel(task);
    }

    @Override
    public void ended(TaskId task, NodeId node, PoolQueue.End end, long nowMillis) {
      honest.ended(task, node, end, nowMillis);
    }

    @Override
    public List<PoolQueue.Grant> next(Roster roster, long nowMillis) {
      return switch (fault) {
        case OVER_ALLOCATES -> honest.next(more(roster), nowMillis);
        case HALF_A_GANG -> halved(honest.next(roster, nowMillis));
        case BREAKS_A_POLICY -> honest.next(Roster.of(moved(roster)), nowMillis);
        case STARVES -> honest.next(roster, nowMillis);
        case PUTS_A_GANG_OFF -> byChance(roster, nowMillis);
      };
    }

    /** Keeps nothing for a gang: it gets its turn only once there is room for it by chance. */
    private List<PoolQueue.Grant> byChance(Roster roster, long nowMillis) {
      if (roster.freeSlots() >= aside.size()) {
        aside.values().forEach(entry -> honest.offer(entry, nowMillis));
        aside.clear();
      }
      return honest.next(roster, nowMillis);
    }

    private static Roster more(Roster roster) {
      return Roster.of(
          roster.nodes().stream().map(node -> node.withFreeSlots(node.slots())).toList());
    }

    private static List<PoolQueue.Grant> halved(List<PoolQueue.Grant> grants) {
      var kept = new ArrayList<>(grants);
      for (PoolQueue.Grant grant : grants) {
        if (grant.entry().request().scheduling().gang()) {
          kept.remove(grant);
          break;
        }
      }
      return kept;
    }

    private static List<Node> moved(Roster roster) {
      return roster.nodes().stream()
          .map(
              node ->
                  new Node(
                      node.id(),
                      node.owner(),
                      node.pool(),
                      "eu-north",
                      node.carbonGramsPerKwh(),
                      node.priceNanoOpenPerGigafuel(),
                      node.fuelPerCpuSecond(),
                      node.roundTripMicros(),
                      node.memoryMaxBytesPerSlot(),
                      node.freeSlots(),
                      node.slots(),
                      node.reputation(),
                      node.acceptedReplicas(),
                      node.accepting(),
                      node.traits()))
          .toList();
    }
  }
}
