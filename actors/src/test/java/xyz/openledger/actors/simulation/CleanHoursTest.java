package xyz.openledger.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collection;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.TimeShift;
import xyz.openledger.protocol.json.Json;

/** Jobs that wait for a cleaner grid, in virtual time. */
class CleanHoursTest {
  private static final Comparison.Plan SMALL =
      new Comparison.Plan(7, 2, 24, 60, 10, null, false, false, true, false, false);

  @Test
  void jobsThatWaitEmitLessThanTheyWouldHaveOnTheSameMachinesAndAllOfThemEnd() {
    SimulationReport report = Comparison.run(SMALL, _ -> {});

    for (long seed = 7; seed <= 8; seed++) {
      Figures waits = figures(report, "openledger, shifting", seed);
      Figures plain = figures(report, "openledger, grid by the hour", seed);
      assertThat(waits.shifts()).isPositive();
      assertThat(waits.carbonSavedGrams()).isPositive();
      assertThat(waits.waitMeanSeconds()).isGreaterThan(plain.waitMeanSeconds());
      assertThat(waits.settled() + waits.failed()).isEqualTo(60);
      assertThat(plain.shifts()).isZero();
      assertThat(plain.carbonSavedGrams()).isZero();
    }
    assertThat(Json.pretty(Comparison.run(SMALL, _ -> {}))).isEqualTo(Json.pretty(report));
  }

  private static Figures figures(SimulationReport report, String scheduler, long seed) {
    return report.rows().stream()
        .filter(row -> row.scheduler().equals(scheduler) && row.seed() == seed)
        .findFirst()
        .orElseThrow()
        .figures();
  }

  private enum Fault implements Rules {
    PAST_THE_DEADLINE("past its deadline") {
      @Override
      public Optional<TimeShift.Wait> shift(
          TimeShift by, Request request, Collection<Node> nodes, long deadline, long nowMillis) {
        // Those that named no latest start alone: the others would be late by their own word.
        Long within =
            request.policy().shift() == null ? (Long) 0L : request.policy().shift().withinMillis();
        return later(by.of(request, nodes, deadline, nowMillis), within == null ? deadline : 0);
      }
    },
    LONGER_THAN_IT_SAID("waits for longer than it said") {
      @Override
      public Optional<TimeShift.Wait> shift(
          TimeShift by, Request request, Collection<Node> nodes, long deadline, long nowMillis) {
        return later(by.of(request, nodes, deadline, nowMillis), 30 * HourlyGrid.HOUR_MILLIS);
      }
    },
    AT_THE_LAST_MOMENT("missed its deadline") {
      @Override
      public Optional<TimeShift.Wait> shift(
          TimeShift by, Request request, Collection<Node> nodes, long deadline, long nowMillis) {
        var shift = request.policy().shift();
        long fastest =
            nodes.stream()
                .mapToLong(node -> node.durationMicros(request.fuelMax()) / 1_000)
                .min()
                .orElse(0);
        return shift != null && shift.withinMillis() == null
            ? by.of(request, nodes, deadline, nowMillis)
                .map(
                    it ->
                        new TimeShift.Wait(
                            deadline - fastest,
                            it.zone(),
                            it.nowMicrograms(),
                            it.thenMicrograms(),
                            it.source()))
            : Optional.empty();
      }
    },
    PUTS_OFF_FOR_EVER("waits for longer than it said") {
      @Override
      public Optional<TimeShift.Wait> shift(
          TimeShift by, Request request, Collection<Node> nodes, long deadline, long nowMillis) {
        return request.policy().shift() == null
            ? Optional.empty()
            : Optional.of(new TimeShift.Wait(nowMillis + 3_600_000, "eu-west", 2_000, 1_000, ""));
      }
    },
    NOBODY_ASKED("never said that it would") {
      @Override
      public Optional<TimeShift.Wait> shift(
          TimeShift by, Request request, Collection<Node> nodes, long deadline, long nowMillis) {
        return Optional.of(new TimeShift.Wait(nowMillis + 3_600_000, "eu-west", 2_000, 1_000, ""));
      }
    },
    SAVES_NOTHING("waits for nothing") {
      @Override
      public Optional<TimeShift.Wait> shift(
          TimeShift by, Request request, Collection<Node> nodes, long deadline, long nowMillis) {
        return by.of(request, nodes, deadline, nowMillis)
            .map(
                it ->
                    new TimeShift.Wait(
                        it.untilMillis(), it.zone(), it.nowMicrograms(), it.nowMicrograms(), ""));
      }
    };

    final String words;

    Fault(String words) {
      this.words = words;
    }

    static Optional<TimeShift.Wait> later(Optional<TimeShift.Wait> wait, long millis) {
      return wait.map(
          it ->
              new TimeShift.Wait(
                  it.untilMillis() + millis,
                  it.zone(),
                  it.nowMicrograms(),
                  it.thenMicrograms(),
                  it.source()));
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aPlantedFaultMakesItFail(Fault fault) {
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed <= 10; seed++) {
                Scenario scenario = Scenario.draw(seed, new Scenario.Size(10, 150, 60, null));
                new Simulation(
                        scenario,
                        new Production(seed),
                        new Usefulness(scenario),
                        "openledger",
                        Wishes.SHIFTS,
                        fault)
                    .run();
              }
            })
        .isInstanceOf(Invariants.Violation.class)
        .hasMessageContaining(fault.words);
  }
}
