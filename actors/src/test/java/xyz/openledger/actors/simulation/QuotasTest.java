package xyz.openledger.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/** Tenants that have quotas, lend and borrow, in virtual time. */
class QuotasTest {
  private static final Comparison.Plan SMALL =
      new Comparison.Plan(7, 1, 12, 150, 200, null, false, false, false, true, false);

  @Test
  void quotasHoldTenantsBackAndAllJobsEnd() {
    SimulationReport report = Comparison.run(SMALL, _ -> {});

    List<SimulationReport.Row> rows =
        report.rows().stream().filter(row -> row.scheduler().startsWith("openledger")).toList();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(1).scheduler()).isEqualTo("openledger, quotas");
    assertThat(rows.get(1).figures().settled() + rows.get(1).figures().failed()).isEqualTo(150);
    assertThat(rows.get(1).figures()).isNotEqualTo(rows.get(0).figures());
  }

  /** What a queue does to a quota. */
  private enum Fault {
    FORGETS_ALL("borrows what nobody lends") {
      @Override
      Quotas.Quota of(Quotas.Quota right) {
        return new Quotas.Quota(1, 10_000, 0, 0);
      }
    },
    LENDS_ALL("borrows what nobody lends") {
      @Override
      Quotas.Quota of(Quotas.Quota right) {
        return new Quotas.Quota(1, right.slots(), right.borrowMax(), right.slots());
      }
    },
    BORROWS_MORE("borrows more than it may") {
      @Override
      Quotas.Quota of(Quotas.Quota right) {
        return right;
      }
    };

    final String words;

    Fault(String words) {
      this.words = words;
    }

    abstract Quotas.Quota of(Quotas.Quota right);
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aPlantedFaultMakesItFail(Fault fault) {
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed <= 20; seed++) {
                Scenario scenario = Scenario.draw(seed, new Scenario.Size(10, 200, 300, null));
                Quotas quotas = Wishes.LIMITED.quotas(scenario);
                var faulty = new Faulty(new Production(seed), fault);
                var simulation =
                    new Simulation(
                        scenario,
                        faulty,
                        new Usefulness(scenario),
                        "openledger",
                        Wishes.LIMITED,
                        Rules.PRODUCTION,
                        fault == Fault.BORROWS_MORE ? narrow(quotas) : quotas);
                simulation.run();
              }
            })
        .isInstanceOf(Invariants.Violation.class)
        .hasMessageContaining(fault.words);
  }

  /** Hardly anything may be borrowed; the faulty queue goes on as before. */
  private static Quotas narrow(Quotas quotas) {
    return with(quotas, each -> new Quotas.Quota(1, each.slots(), 1, each.lendMax()));
  }

  private static Quotas with(Quotas quotas, java.util.function.UnaryOperator<Quotas.Quota> change) {
    var changed = new TreeMap<TenantId, Quotas.Quota>();
    quotas.named().forEach((tenant, quota) -> changed.put(tenant, change.apply(quota)));
    return new Quotas(changed, null);
  }

  private record Faulty(Scheduler honest, Fault fault) implements Scheduler {
    @Override
    public void limit(Quotas quotas) {
      honest.limit(
          with(
              quotas,
              each ->
                  fault == Fault.BORROWS_MORE
                      ? new Quotas.Quota(1, each.slots(), 10_000, each.lendMax())
                      : fault.of(each)));
    }

    @Override
    public void offer(PoolQueue.Entry entry, long nowMillis) {
      honest.offer(entry, nowMillis);
    }

    @Override
    public void cancel(TaskId task) {
      honest.cancel(task);
    }

    @Override
    public void ended(TaskId task, NodeId node, PoolQueue.End end, long nowMillis) {
      honest.ended(task, node, end, nowMillis);
    }

    @Override
    public List<PoolQueue.Grant> next(Roster roster, long nowMillis) {
      return honest.next(roster, nowMillis);
    }
  }
}
