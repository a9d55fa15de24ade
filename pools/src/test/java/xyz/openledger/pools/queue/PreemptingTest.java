package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.TenantId;

class PreemptingTest {
  private static final long NOW = 1_000_000;
  private static final TenantId ADA = new TenantId("ada");

  private final Preempting rule = Preempting.DEFAULT;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void stopsNobodyWhoIsNearlyAsUrgentOrWithinWhatIsGuaranteedToHim(long seed) {
    var random = new SplittableRandom(seed);
    int plans = 0;
    for (int round = 0; round < 400; round++) {
      var wants =
          new Preempting.Wants(
              request(random.nextInt(10)),
              random.nextInt(1, 4),
              random.nextLong(120_000),
              random.nextBoolean());
      var running = new ArrayList<Preempting.Candidate>();
      for (int i = random.nextInt(10); i > 0; i--) {
        running.add(candidate(random, i));
      }
      int coming = random.nextInt(3);

      var plan = rule.plan(wants, coming, running, NOW);

      if (wants.waitedMillis() < rule.waitMillis() || coming >= wants.slots()) {
        assertThat(plan).isEmpty();
      }
      if (plan.isPresent()) {
        plans++;
        assertThat(plan.get().stopped()).hasSizeBetween(1, wants.slots() - coming);
        var owners = new HashSet<Address>();
        for (Preemption.Runs runs : plan.get().stopped()) {
          Preempting.Candidate it =
              running.stream()
                  .filter(each -> each.runs().node().equals(runs.node()))
                  .findFirst()
                  .orElseThrow();
          assertThat(owners.add(it.owner())).as("distinct owners").isTrue();
          boolean own = it.tenant().equals(ADA);
          boolean urgent = wants.priority() - it.runs().priority() >= 3;
          assertThat(own || it.spare() > 0).isTrue();
          assertThat(urgent || (wants.guaranteed() && it.runs().borrowed() && !own)).isTrue();
          assertThat(it.runs().endsAtMillis()).isGreaterThan(NOW + 30_000);
        }
      }
    }
    assertThat(plans).isGreaterThan(20);
  }

  @Test
  void letsAGuaranteeTakeBackWhatWasBorrowedWhateverItsPriority() {
    var borrowed = candidate("bob", 9, true, 1);
    var own = candidate("bob", 9, false, 1);

    assertThat(rule.plan(wants(2, true), 0, List.of(borrowed), NOW)).isPresent();
    assertThat(rule.plan(wants(2, false), 0, List.of(borrowed), NOW)).isEmpty();
    assertThat(rule.plan(wants(2, true), 0, List.of(own), NOW)).isEmpty();
    var last = candidate("bob", 0, true, 0);
    assertThat(rule.plan(wants(9, true), 0, List.of(last), NOW)).as("his own").isEmpty();
  }

  @Test
  void takesWhatHasRunForTheShortest() {
    var early = candidate("bob", 0, false, 1);
    var late =
        new Preempting.Candidate(
            new Preemption.Runs(
                Scene.task(2), Scene.nodeId("n2"), 0, false, NOW - 10, NOW + 900_000, 1),
            new TenantId("carol"),
            Scene.owner("carol"),
            1);

    assertThat(rule.plan(wants(9, false), 0, List.of(early, late), NOW).orElseThrow().stopped())
        .extracting(Preemption.Runs::node)
        .containsExactly(Scene.nodeId("n2"));
  }

  private static Preempting.Wants wants(int priority, boolean guaranteed) {
    return new Preempting.Wants(request(priority), 1, 70_000, guaranteed);
  }

  private static Request request(int priority) {
    return Scene.request(0, Scene.cheapest(1)).scheduled(new Scheduling(ADA, priority, 0, ""));
  }

  private static Preempting.Candidate candidate(
      String tenant, int priority, boolean borrowed, int spare) {
    return new Preempting.Candidate(
        new Preemption.Runs(
            Scene.task(1), Scene.nodeId("n1"), priority, borrowed, NOW - 50_000, NOW + 900_000, 1),
        new TenantId(tenant),
        Scene.owner(tenant),
        spare);
  }

  private static Preempting.Candidate candidate(SplittableRandom random, int number) {
    return new Preempting.Candidate(
        new Preemption.Runs(
            Scene.task(number),
            Scene.nodeId("n" + number),
            random.nextInt(10),
            random.nextBoolean(),
            NOW - random.nextLong(100_000),
            NOW + random.nextLong(200_000),
            random.nextLong(1_000)),
        random.nextInt(4) == 0 ? ADA : new TenantId("t" + random.nextInt(3)),
        Scene.owner("o" + random.nextInt(5)),
        random.nextInt(3));
  }
}
