package xyz.openledger.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.Job;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.job.JobReplica;
import xyz.openledger.actors.job.Payouts;
import xyz.openledger.actors.job.Preemptions;
import xyz.openledger.pools.queue.Preempting;
import xyz.openledger.pools.queue.Preemption;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.Payout;

/** Jobs that make room for more urgent ones, in virtual time. */
class MakingRoomTest {
  private static final Comparison.Plan SMALL =
      new Comparison.Plan(7, 2, 10, 200, 300, null, false, true, false, false, false);

  private static final Scenario.Size SIZE = new Scenario.Size(10, 300, 300, null);

  @Test
  void jobsAreStoppedAndAllOfThemEnd() {
    SimulationReport report = Comparison.run(SMALL, _ -> {});

    assertThat(report.rows())
        .filteredOn(row -> row.scheduler().equals("openledger, preempting"))
        .hasSize(2)
        .allSatisfy(
            row -> {
              assertThat(row.figures().preemptions()).isPositive();
              assertThat(row.figures().settled() + row.figures().failed()).isEqualTo(200);
            });
    assertThat(Json.pretty(Comparison.run(SMALL, _ -> {}))).isEqualTo(Json.pretty(report));
  }

  private enum Fault implements Rules {
    SHORT_NOTICE("less notice") {
      @Override
      public List<JobEvent> notice(Job job, JobMessage.Preempt said, long nowMillis) {
        return Preemptions.of(
            job,
            new JobMessage.Preempt(
                said.replica(),
                said.node(),
                said.fence(),
                said.noticeMillis() / 2,
                said.fuelPerSecond(),
                said.detail()),
            nowMillis);
      }
    },
    STOPS_AT_ONCE("before its notice was over") {
      @Override
      public List<JobEvent> notice(Job job, JobMessage.Preempt said, long nowMillis) {
        return Preemptions.of(job, said, nowMillis).stream()
            .<JobEvent>map(_ -> new JobEvent.Preempted(job.id(), said.replica(), 1_000, nowMillis))
            .toList();
      }
    },
    STOPS_WHO_DID_NOT_SAY_SO("had not said that it may be") {
      @Override
      public boolean mayStop(Job job, Job.Task task) {
        return true;
      }

      @Override
      public List<JobEvent> notice(Job job, JobMessage.Preempt said, long nowMillis) {
        return Boolean.TRUE.equals(job.spec().scheduled().preemptible())
            ? Preemptions.of(job, said, nowMillis)
            : obeys(job, said, nowMillis);
      }
    },
    STOPS_FOR_EVER("more than twice") {
      @Override
      public boolean mayStop(Job job, Job.Task task) {
        return Boolean.TRUE.equals(job.spec().scheduled().preemptible());
      }

      @Override
      public List<JobEvent> notice(Job job, JobMessage.Preempt said, long nowMillis) {
        return obeys(job, said, nowMillis);
      }
    },
    BEGINS_ANEW("does steps again") {
      @Override
      public List<Grant> assign(Job job, List<Grant> grants) {
        return grants;
      }
    },
    PAYS_WHO_WENT_ON_FOR_ALL("not the") {
      @Override
      public List<Payout> payouts(Job job, Job.Task task) {
        List<Payout> right = Payouts.of(job, task);
        return task.replicas().stream()
            .map(
                each ->
                    each.grant().resumed() == null || each.outcome() == null
                        ? right.get(task.replicas().indexOf(each))
                        : new Payout(
                            Receipt.Standing.ACCEPTED,
                            Price.ofReplica(
                                Objects.requireNonNull(each.outcome()).fuelUsed(),
                                each.grant().priceNanoOpenPerGigafuel())))
            .toList();
      }
    },
    PAYS_STEPS_BY_TIME("not the") {
      @Override
      public List<Payout> payouts(Job job, Job.Task task) {
        List<Payout> right = Payouts.of(job, task);
        return task.replicas().stream()
            .map(
                each ->
                    each.phase() == JobReplica.Phase.PREEMPTED
                        ? new Payout(
                            Receipt.Standing.RELEASED,
                            Price.ofReplica(
                                Objects.requireNonNull(each.notice()).fuel(),
                                each.grant().priceNanoOpenPerGigafuel()))
                        : right.get(task.replicas().indexOf(each)))
            .toList();
      }
    },
    CHARGES_MORE_THAN_THE_LIMIT("charged more than its price limit") {
      @Override
      public List<Payout> payouts(Job job, Job.Task task) {
        return Payouts.of(job, task).stream()
            .map(
                each ->
                    job.workload() instanceof Workload.Wasm
                            && each.standing() == Receipt.Standing.ACCEPTED
                        ? new Payout(
                            each.standing(), job.spec().policy().limits().priceMaxNanoOpen() + 1)
                        : each)
            .toList();
      }
    },
    PAYS_MORE_THAN_THE_TIME("more than its time") {
      @Override
      public List<Payout> payouts(Job job, Job.Task task) {
        List<Payout> right = Payouts.of(job, task);
        return task.replicas().stream()
            .map(
                each ->
                    each.phase() == JobReplica.Phase.PREEMPTED
                            && Objects.requireNonNull(each.notice()).saved() == null
                        ? new Payout(
                            Receipt.Standing.RELEASED,
                            right.get(task.replicas().indexOf(each)).nanoOpen() + 1)
                        : right.get(task.replicas().indexOf(each)))
            .toList();
      }
    };

    final String words;

    Fault(String words) {
      this.words = words;
    }

    /** Whatever production says. */
    static List<JobEvent> obeys(Job job, JobMessage.Preempt said, long nowMillis) {
      JobReplica replica = Objects.requireNonNull(job.replica(said.replica()));
      return replica.phase() != JobReplica.Phase.LEASED || replica.notice() != null
          ? List.of()
          : List.of(
              new JobEvent.Noticed(
                  job.id(),
                  said.replica(),
                  said.noticeMillis(),
                  said.fuelPerSecond(),
                  said.detail(),
                  nowMillis));
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aPlantedFaultMakesItFail(Fault fault) {
    assertThatThrownBy(() -> run(fault, Preempting.DEFAULT))
        .isInstanceOf(Invariants.Violation.class)
        .hasMessageContaining(fault.words);
  }

  @Test
  void aPoolThatAsksTooSoonIsSeen() {
    assertThatThrownBy(() -> run(Rules.PRODUCTION, Preempting.after(1, 30_000)))
        .isInstanceOf(Invariants.Violation.class)
        .hasMessageContaining("has not waited long enough");
  }

  @Test
  void aPoolThatAsksForWorkThatIsNotMoreUrgentIsSeen() {
    var rule = new Preempting(new Preemption(30_000, 1), 60_000);
    Scenario drawn = Scenario.draw(1, SIZE);
    var closer =
        new Scenario(
            1, drawn.machines(), drawn.arrivals().stream().map(MakingRoomTest::lower).toList());

    assertThatThrownBy(() -> run(closer, Rules.PRODUCTION, rule))
        .isInstanceOf(Invariants.Violation.class)
        .hasMessageContaining("not more urgent");
  }

  /** Priorities nearer to one another than any that makes another one stop. */
  private static Arrival lower(Arrival drawn) {
    return drawn.ofPriority(Math.min(5, drawn.priority()));
  }

  private static void run(Rules rules, Preempting preempting) {
    for (long seed = 1; seed <= 10; seed++) {
      run(Scenario.draw(seed, SIZE), rules, preempting);
    }
  }

  private static void run(Scenario scenario, Rules rules, Preempting preempting) {
    new Simulation(
            scenario,
            new Production(scenario.seed(), preempting),
            new Usefulness(scenario),
            "openledger",
            Wishes.PREEMPTIBLE,
            rules)
        .run();
  }
}
