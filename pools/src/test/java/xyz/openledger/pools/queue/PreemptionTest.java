package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.pools.queue.Preemption.Runs;

class PreemptionTest {
  private static final long NOW = 1_000_000;

  private final Preemption preemption = Preemption.DEFAULT;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void stopsTheFewestAndCheapestAndNeverWhatIsNearlyAsUrgent(long seed) {
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 300; round++) {
      List<Runs> running = new ArrayList<>();
      for (int i = random.nextInt(12); i > 0; i--) {
        running.add(
            new Runs(
                Scene.task(i),
                Scene.nodeId("n" + i),
                random.nextInt(10),
                random.nextBoolean(),
                NOW - random.nextLong(100_000),
                NOW + random.nextLong(200_000),
                random.nextLong(1_000)));
      }
      int slots = random.nextInt(1, 5);
      int priority = random.nextInt(10);
      List<Runs> able =
          running.stream()
              .filter(
                  runs ->
                      runs.priority() + 3 <= priority
                          && runs.endsAtMillis() > NOW + preemption.noticeMillis())
              .toList();

      var plan = preemption.plan(slots, priority, running, NOW);

      assertThat(plan.isPresent()).isEqualTo(able.size() >= slots);
      plan.ifPresent(
          it -> {
            assertThat(it.stopped()).hasSize(slots).isSubsetOf(able).doesNotHaveDuplicates();
            assertThat(it.freeAtMillis()).isEqualTo(NOW + preemption.noticeMillis());
            long borrowed = able.stream().filter(Runs::borrowed).count();
            assertThat(it.stopped().stream().filter(Runs::borrowed).count())
                .as("borrowed slots first")
                .isEqualTo(Math.min(slots, borrowed));
            long least =
                able.stream()
                    .filter(runs -> runs.borrowed() || borrowed < slots)
                    .mapToLong(runs -> it.freeAtMillis() - runs.savedAtMillis())
                    .min()
                    .orElse(0);
            assertThat(it.lostMillis())
                .isGreaterThanOrEqualTo(least * (borrowed >= slots ? slots : 1));
          });
    }
  }
}
