package xyz.openledger.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobRules;
import xyz.openledger.actors.pool.Shown;
import xyz.openledger.pools.Request;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.verification.Replica;

/** Whom jobs believe, what they pay and when they end, in virtual time. */
class BeliefTest {
  @Test
  void adaptiveJobsTakeFewerCopiesOfThoseWhoAreKnownAndLiesAreCaught() {
    SimulationReport report = Comparison.run(new Comparison.Plan(1, 2, 24, 300, 90, null), _ -> {});

    assertThat(report.rows())
        .filteredOn(row -> row.scheduler().equals("openledger"))
        .allSatisfy(
            row -> {
              assertThat(row.figures().copies()).isBetween(1.2, 3.0);
              assertThat(row.figures().replicationPercent()).isBetween(10.0, 60.0);
              assertThat(row.figures().spotChecks()).isPositive();
            })
        .anySatisfy(row -> assertThat(row.figures().caught()).isPositive());
  }

  /** What production must never do. */
  private enum Fault implements Rules {
    FORGETS_SPOT_CHECKS("drawn for a spot check") {
      @Override
      public Replica.Standing standing(Shown shown, Request request, Grant grant) {
        Replica.Standing right = shown.standing(request, grant);
        return new Replica.Standing(right.confirmed(), right.contribution(), false);
      }
    },
    BELIEVES_STRANGERS("were confirmed") {
      @Override
      public Replica.Standing standing(Shown shown, Request request, Grant grant) {
        Replica.Standing right = shown.standing(request, grant);
        return new Replica.Standing(
            right.confirmed() + 1_000, right.contribution(), right.audited());
      }
    },
    TAKES_THE_FIRST_WORD("agree and not") {
      @Override
      public List<JobRules.Step> steps(Job job) {
        boolean all =
            job.tasks().stream()
                .allMatch(task -> task.replicas().stream().anyMatch(it -> it.outcome() != null));
        return all && job.finished() == null
            ? List.of(new JobRules.Step.Finish(JobEvent.End.SETTLED, null, ""))
            : JobRules.steps(job);
      }
    },
    LEASES_BEYOND_THE_PRICE_LIMIT("may cost more than its price limit") {
      @Override
      public List<Grant> assign(Job job, List<Grant> grants) {
        return grants.stream().map(BeliefTest::dearer).toList();
      }
    },
    OUTLIVES_ITS_DEADLINE("outlives its deadline") {
      @Override
      public JobRules.Step.@Nullable Finish passed(Job job, long nowMillis) {
        return null;
      }
    },
    ENDS_TOO_SOON("before its time") {
      @Override
      public JobRules.Step.@Nullable Finish passed(Job job, long nowMillis) {
        return JobRules.passed(job, nowMillis + 7 * 86_400_000L);
      }
    },
    MAKES_MONEY("money was made or lost") {
      @Override
      public Books books() {
        return new Books() {
          @Override
          void pay(JobId job, Address owner, long nanoOpen) {
            super.pay(job, owner, nanoOpen);
            earn(owner, nanoOpen == 0 ? 0 : 1);
          }
        };
      }
    },
    PAYS_MORE_THAN_WAS_HELD("pays more than was held") {
      @Override
      public Books books() {
        return new Books() {
          @Override
          void pay(JobId job, Address owner, long nanoOpen) {
            super.pay(job, owner, 100_000 * nanoOpen);
          }
        };
      }
    };

    final String words;

    Fault(String words) {
      this.words = words;
    }
  }

  /** The same lease at a price that nobody agreed to. */
  private static Grant dearer(Grant it) {
    return new Grant(
        it.replica(),
        it.node(),
        it.owner(),
        it.pool(),
        it.fence(),
        100 * it.priceNanoOpenPerGigafuel(),
        it.leaseMillis(),
        it.region(),
        it.carbonGramsPerKwh());
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aPlantedFaultMakesItFail(Fault fault) {
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed <= 10; seed++) {
                Scenario scenario = hurried(seed, fault);
                new Simulation(
                        scenario,
                        new Production(seed),
                        new Usefulness(scenario),
                        "openledger",
                        Wishes.NONE,
                        fault)
                    .run();
              }
            })
        .isInstanceOf(Invariants.Violation.class)
        .hasMessageContaining(fault.words);
  }

  /** Where time is what goes wrong, every job has two minutes, and waits for at most one. */
  private static Scenario hurried(long seed, Fault fault) {
    Scenario drawn = Scenario.draw(seed, new Scenario.Size(10, 200, 1_000, null));
    return fault == Fault.OUTLIVES_ITS_DEADLINE || fault == Fault.ENDS_TOO_SOON
        ? new Scenario(
            seed,
            drawn.machines(),
            drawn.arrivals().stream().map(each -> each.within(120_000)).toList())
        : drawn;
  }

  @Test
  void jobsThatHaveNoTimeFailInTimeUnderProduction() {
    Scenario scenario = hurried(1, Fault.OUTLIVES_ITS_DEADLINE);

    Figures figures =
        new Simulation(scenario, new Production(1), new Usefulness(scenario), "openledger").run();

    assertThat(figures.failed()).isPositive();
    assertThat(figures.settled() + figures.failed()).isEqualTo(200);
  }
}
