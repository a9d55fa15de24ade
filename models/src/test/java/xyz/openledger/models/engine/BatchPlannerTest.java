package xyz.openledger.models.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchPlannerTest {
  private static final EngineSettings SETTINGS = new EngineSettings(32, 8, 1_000, 100, 1);

  @Test
  void letsTenantsTakeTurnsHoweverManyOneSends() {
    var waiting = new ArrayList<BatchPlanner.Waiting>();
    for (long id = 1; id <= 50; id++) {
      waiting.add(new BatchPlanner.Waiting(id, "ada", 2));
    }
    waiting.add(new BatchPlanner.Waiting(51, "bob", 2));
    waiting.add(new BatchPlanner.Waiting(52, "bob", 2));

    var plan = plan(waiting, List.of(), 100, Map.of());

    assertThat(plan.admitted()).startsWith(1L, 51L, 2L, 52L, 3L).hasSize(8);
  }

  @Test
  void saysWhoComesNextInTheirOrder() {
    var waiting = new ArrayList<BatchPlanner.Waiting>();
    for (long id = 1; id <= 50; id++) {
      waiting.add(new BatchPlanner.Waiting(id, "ada", 2));
    }
    waiting.add(new BatchPlanner.Waiting(51, "bob", 2));
    waiting.add(new BatchPlanner.Waiting(52, "bob", 2));

    var plan = plan(waiting, List.of(), 4, Map.of());

    assertThat(plan.admitted()).containsExactly(1L, 51L);
    assertThat(plan.next()).startsWith(2L, 52L, 3L, 4L).hasSize(BatchPlanner.NEXT_MAX);
  }

  @Test
  void prefersWhoWasServedLeast() {
    var waiting =
        List.of(new BatchPlanner.Waiting(1, "ada", 2), new BatchPlanner.Waiting(2, "bob", 2));

    assertThat(plan(waiting, List.of(), 2, Map.of("ada", 90L, "bob", 10L)).admitted())
        .containsExactly(2L);
  }

  @Test
  void doesNotLetSmallRequestsOvertakeALargeOneForever() {
    var waiting =
        List.of(new BatchPlanner.Waiting(1, "ada", 60), new BatchPlanner.Waiting(2, "bob", 1));

    assertThat(plan(waiting, List.of(), 50, Map.of("bob", 5L)).admitted()).isEmpty();
  }

  @Test
  void givesAnswersTheirRowBeforePrompts() {
    var running =
        List.of(
            new BatchPlanner.Running(1, "ada", 500, true),
            new BatchPlanner.Running(2, "bob", 1, false),
            new BatchPlanner.Running(3, "cem", 20, true));

    var rows = plan(List.of(), running, 0, Map.of("ada", 100L, "cem", 3L)).rows();

    assertThat(rows).containsEntry(2L, 1).containsEntry(3L, 20).containsEntry(1L, 11);
  }

  /** Draws a crowd from a seed and lets it be served to its end. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void servesEveryoneWithinTheBounds(long seed) {
    var random = new SplittableRandom(seed);
    var waiting = new ArrayList<BatchPlanner.Waiting>();
    var left = new HashMap<Long, Integer>();
    for (long id = 1; id <= 200; id++) {
      int pages = random.nextInt(1, 101);
      waiting.add(new BatchPlanner.Waiting(id, "tenant" + random.nextInt(5), pages));
      left.put(id, random.nextInt(1, 300));
    }
    var running = new HashMap<Long, BatchPlanner.Waiting>();
    var served = new HashMap<String, Long>();
    int available = 100;
    for (int step = 0; !left.isEmpty(); step++) {
      assertThat(step).as("steps until everyone is served").isLessThan(100_000);
      var runs = new ArrayList<BatchPlanner.Running>();
      for (var one : running.values()) {
        runs.add(
            new BatchPlanner.Running(
                one.id(), one.tenant(), left.get(one.id()), left.get(one.id()) > 1));
      }
      var plan = plan(waiting, runs, available, served);
      for (long id : plan.admitted()) {
        var one = waiting.stream().filter(each -> each.id() == id).findFirst().orElseThrow();
        waiting.remove(one);
        running.put(id, one);
        available -= one.pages();
      }
      assertThat(available).isNotNegative();
      assertThat(running).hasSizeLessThanOrEqualTo(SETTINGS.sequencesMax());
      assertThat(plan.rows().values().stream().mapToInt(Integer::intValue).sum())
          .isLessThanOrEqualTo(SETTINGS.rowsPerStep());
      for (var row : plan.rows().entrySet()) {
        var one = running.get(row.getKey());
        served.merge(one.tenant(), (long) row.getValue(), Long::sum);
        if (left.merge(row.getKey(), -row.getValue(), Integer::sum) == 0) {
          left.remove(row.getKey());
          running.remove(row.getKey());
          available += one.pages();
        }
      }
    }
  }

  private static BatchPlanner.Plan plan(
      List<BatchPlanner.Waiting> waiting,
      List<BatchPlanner.Running> running,
      int pages,
      Map<String, Long> served) {
    return BatchPlanner.plan(new BatchPlanner.Situation(waiting, running, pages, served), SETTINGS);
  }
}
