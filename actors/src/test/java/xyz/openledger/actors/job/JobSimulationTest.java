package xyz.openledger.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.JOB;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.reveal;
import static xyz.openledger.actors.job.Cast.said;
import static xyz.openledger.actors.job.Cast.spec;
import static xyz.openledger.actors.job.Cast.submitted;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.actors.job.JobRules.Step;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.verification.Evidence;
import xyz.openledger.verification.Replica;
import xyz.openledger.verification.Verdicts;

/**
 * Leads jobs through lives drawn from a seed: nodes that commit and reveal in any order, say things
 * twice and too late, cheat, ask whatever the budget allows, and go away. The seed names the life:
 * live it again with {@code -Dseed=...}.
 */
class JobSimulationTest {
  private static final int LIVES = 300;
  private static final int EVENTS_MAX = 500;

  static Stream<Long> seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? new SplittableRandom(17).longs(LIVES).boxed() : Stream.of(seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyLifeKeepsTheRules(long seed) {
    var life = new Life(new SplittableRandom(seed));

    life.live();

    assertThat(life.job.finished()).as("ends within %d events", EVENTS_MAX).isNotNull();
    assertThat(life.finishes()).isEqualTo(1);
    assertThat(life.steps()).as("of a finished job").isEmpty();
    life.checkReceipt();
    life.checkReplay();
  }

  private static final class Life {
    private final SplittableRandom random;
    private final JobEvent.Submitted submitted;
    private final List<JobEvent> events = new ArrayList<>();
    private final int cheatPercent;
    private final int lossPercent;
    private long nowMillis;
    private long fence;
    private Job job;

    Life(SplittableRandom random) {
      this.random = random;
      submitted =
          submitted(spec(policy(verification(), random.nextLong(1, 5_000)), random.nextInt(1, 4)));
      cheatPercent = random.nextInt(0, 50);
      lossPercent = random.nextInt(0, 30);
      job = Job.of(submitted);
    }

    private Policy.Verification verification() {
      int agreement = random.nextInt(1, 4);
      return switch (random.nextInt(4)) {
        case 0 ->
            new Policy.Verification(
                Policy.Method.ADAPTIVE,
                new Policy.Parameters(agreement, random.nextInt(agreement, 10)),
                random.nextInt(1_000, 50_000),
                null,
                null);
        case 1 ->
            new Policy.Verification(
                Policy.Method.TRUST,
                new Policy.Parameters(agreement, random.nextInt(agreement, 10)),
                null,
                random.nextInt(2, 1_000),
                null);
        default ->
            Cast.verification(
                agreement, agreement == 1 ? 1 : random.nextInt(agreement, agreement + 4));
      };
    }

    List<Step> steps() {
      return JobRules.steps(job);
    }

    void live() {
      while (job.finished() == null && events.size() < EVENTS_MAX) {
        nowMillis += random.nextLong(100);
        List<Step> steps = steps();
        if (steps.size() == 1 && steps.getFirst() instanceof Step.Finish finish) {
          finish(finish);
        } else {
          assertThat(steps).as("a finish comes alone").noneMatch(Step.Finish.class::isInstance);
          next(steps);
        }
      }
    }

    /** Something of all that may happen now. */
    private void next(List<Step> steps) {
      List<JobReplica> live = replicas().filter(JobReplica::live).toList();
      var leases =
          steps.stream().filter(Step.Lease.class::isInstance).map(Step.Lease.class::cast).toList();
      assertThat(live.size() + leases.size())
          .as("somebody works, or is looked for: %s", job)
          .isPositive();
      if (!leases.isEmpty() && (live.isEmpty() || random.nextBoolean())) {
        place(leases.get(random.nextInt(leases.size())));
      } else {
        speak(steps, live.get(random.nextInt(live.size())));
      }
      if (random.nextInt(10) == 0 && !events.isEmpty()) {
        repeat();
      }
    }

    private void place(Step.Lease lease) {
      int pending =
          steps().stream()
              .filter(Step.Lease.class::isInstance)
              .mapToInt(step -> ((Step.Lease) step).count())
              .sum();
      Job.Task task = job.tasks().get(lease.task());
      String name;
      do {
        name = "node " + random.nextInt(40);
      } while (lease.ownersExcluded().contains(Cast.owner(name))
          || lease.nodesExcluded().contains(Cast.node(name)));
      // A lease burns 10^9 fuel at the most: its price is the most that it can cost.
      long price = random.nextLong(JobRules.replicaBudgetNanoOpen(job, pending) + 1);
      var replica = new ReplicaId(new TaskId(JOB, lease.task()), task.replicas().size());
      happen(
          new JobEvent.Placed(
              JOB,
              List.of(grant(replica, name, ++fence, price).of(shown())),
              List.of(),
              nowMillis));
    }

    private Replica.Standing shown() {
      long confirmed = random.nextInt(3) == 0 ? 0 : random.nextLong(100);
      return new Replica.Standing(confirmed, 10 * confirmed, random.nextInt(5) == 0);
    }

    private void speak(List<Step> steps, JobReplica replica) {
      ReplicaId id = replica.grant().replica();
      boolean asked =
          steps.stream()
              .anyMatch(step -> step instanceof Step.Reveal(var replicas) && replicas.contains(id));
      boolean alone =
          Verdicts.showsAtOnce(
              job.spec().policy().verification(),
              replica.grant().confirmed(),
              job.tasks().get(id.task().index()).replicas().stream()
                  .allMatch(it -> it.equals(replica) || it.phase() == JobReplica.Phase.LOST));
      if (random.nextInt(100) < lossPercent) {
        var loss = new JobEvent.Loss(id, Problem.NODE_LOST, "it went away");
        happen(new JobEvent.Lost(JOB, List.of(loss), nowMillis));
      } else if (asked || alone) {
        boolean cheats = random.nextInt(100) < cheatPercent;
        String says = cheats ? "lie " + random.nextInt(3) : "the truth";
        happen(
            new JobEvent.Revealed(
                JOB, List.of(reveal(job, replica.grant(), said(says))), nowMillis));
      } else if (replica.phase() == JobReplica.Phase.LEASED) {
        var commit = new JobEvent.Commit(id, Cast.digest("commitment of " + id));
        happen(new JobEvent.Committed(JOB, List.of(commit), nowMillis));
      }
    }

    /** What was heard of nodes that have spoken, or are gone, changes nothing. */
    private void repeat() {
      JobEvent again = events.get(random.nextInt(events.size()));
      boolean settled =
          switch (again) {
            case JobEvent.Revealed(_, var reveals, _) -> dead(reveals.getFirst().replica());
            case JobEvent.Lost(_, var losses, _) -> dead(losses.getFirst().replica());
            case JobEvent.Committed(_, var commits, _) -> dead(commits.getFirst().replica());
            default -> false;
          };
      if (settled) {
        assertThat(job.apply(again)).isEqualTo(job);
      }
    }

    private boolean dead(ReplicaId id) {
      JobReplica replica = job.replica(id);
      return replica != null && !replica.live();
    }

    private void finish(Step.Finish step) {
      happen(
          new JobEvent.Finished(
              JOB,
              step.end(),
              step.problem(),
              step.detail(),
              JobReceipt.of(job, step.problem(), nowMillis),
              nowMillis));
    }

    private void happen(JobEvent event) {
      events.add(event);
      job = job.apply(event);
      checkOwners();
      checkCost();
    }

    private void checkOwners() {
      for (Job.Task task : job.tasks()) {
        var owners = new HashSet<Address>();
        for (JobReplica replica : task.replicas()) {
          if (replica.phase() != JobReplica.Phase.LOST) {
            assertThat(owners.add(replica.grant().owner())).as("distinct owners").isTrue();
          }
        }
      }
    }

    /** Even if every lease burned all its fuel and were paid. */
    private void checkCost() {
      long worst =
          replicas()
              .filter(replica -> replica.phase() != JobReplica.Phase.LOST)
              .mapToLong(
                  replica ->
                      Price.ofReplica(
                          replica.outcome() == null ? Cast.FUEL_MAX : replica.outcome().fuelUsed(),
                          replica.grant().priceNanoOpenPerGigafuel()))
              .sum();
      assertThat(worst).isLessThanOrEqualTo(limit());
    }

    void checkReceipt() {
      Receipt receipt = job.finished().receipt();
      if (receipt == null) {
        return;
      }
      long charged =
          JobReceipt.charges(receipt).stream().mapToLong(charge -> charge.priceNanoOpen()).sum();
      assertThat(Evidence.faults(receipt)).as("faults of the evidence").isEmpty();
      assertThat(receipt.chargedNanoOpen()).isEqualTo(charged).isLessThanOrEqualTo(limit());
      for (Receipt.TaskReceipt task : receipt.tasks()) {
        var accepted =
            task.replicas().stream()
                .filter(replica -> replica.standing() == Receipt.Standing.ACCEPTED)
                .toList();
        assertThat(accepted).allMatch(replica -> replica.outcome().equals(task.outcome()));
        if (job.finished().end() == JobEvent.End.SETTLED) {
          assertThat(task.agreement()).as("evidence").isNotNull();
          assertThat(accepted)
              .hasSizeGreaterThanOrEqualTo(
                  job.spec().policy().verification().parameters().agreement());
        }
      }
    }

    void checkReplay() {
      Job again = Job.of(submitted);
      for (JobEvent event : events) {
        again = again.apply(event);
      }
      assertThat(again).isEqualTo(job);
    }

    long finishes() {
      return events.stream().filter(JobEvent.Finished.class::isInstance).count();
    }

    private long limit() {
      return job.spec().policy().limits().priceMaxNanoOpen();
    }

    private Stream<JobReplica> replicas() {
      return job.tasks().stream().flatMap(task -> task.replicas().stream());
    }
  }
}
