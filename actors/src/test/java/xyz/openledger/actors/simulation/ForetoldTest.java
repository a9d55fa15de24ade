package xyz.openledger.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.Roster;
import xyz.openledger.pools.queue.Forecast;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TaskId;

/** What is told to those who wait, held against how long they then wait. */
class ForetoldTest {
  private static final boolean THOROUGH = Boolean.getBoolean("thorough");

  /** The forecast was fitted on seeds below it, and so was all else in the queue. */
  private static final long FIRST_SEED = 4_001;

  @Test
  void ofAHundredWaits85To95AreNoLongerThanTheP90SaidAndAboutHalfNoLongerThanTheP50() {
    Coverage coverage = coverage(THOROUGH ? 30 : 2, false);

    assertThat(coverage.told).isGreaterThan(THOROUGH ? 10_000 : 500);
    assertThat(coverage.within90Percent()).isBetween(85.0, 95.0);
    assertThat(coverage.within50Percent()).isBetween(40.0, 60.0);
  }

  @Test
  void aTellerWhoSaysAThirdOfItIsSeen() {
    assertThat(coverage(1, true).within90Percent()).isLessThan(85.0);
  }

  /** Waits that were foretold, and those within what was said. */
  private record Coverage(int told, double within50, double within90) {
    double within50Percent() {
      return 100 * within50 / told;
    }

    double within90Percent() {
      return 100 * within90 / told;
    }
  }

  private static Coverage coverage(int seeds, boolean hopeful) {
    int told = 0;
    double within50 = 0;
    double within90 = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + seeds; seed++) {
      Scenario scenario =
          Scenario.draw(seed, new Scenario.Size(24, THOROUGH ? 1_000 : 700, 90, null));
      Scheduler honest = new Production(seed);
      Figures figures =
          new Simulation(
                  scenario,
                  hopeful ? new Hopeful(honest) : honest,
                  new Usefulness(scenario),
                  "openledger")
              .run();
      told += figures.etaTold();
      within50 += figures.etaTold() * figures.etaWithin50Percent() / 100;
      within90 += figures.etaTold() * figures.etaWithin90Percent() / 100;
    }
    return new Coverage(told, within50, within90);
  }

  /** Production in all but what it says. */
  private record Hopeful(Scheduler honest) implements Scheduler {
    @Override
    public void offer(PoolQueue.Entry entry, long nowMillis) {
      honest.offer(entry, nowMillis);
    }

    @Override
    public void cancel(TaskId task) {
      honest.cancel(task);
    }

    @Override
    public List<PoolQueue.Grant> next(Roster roster, long nowMillis) {
      return honest.next(roster, nowMillis);
    }

    @Override
    public void ended(TaskId task, NodeId node, PoolQueue.End end, long nowMillis) {
      honest.ended(task, node, end, nowMillis);
    }

    @Override
    public Optional<Forecast.Eta> eta(TaskId task, long nowMillis) {
      return honest
          .eta(task, nowMillis)
          .map(
              eta ->
                  new Forecast.Eta(eta.p50Millis() / 3, eta.p90Millis() / 3, eta.baseMillis() / 3));
    }
  }
}
