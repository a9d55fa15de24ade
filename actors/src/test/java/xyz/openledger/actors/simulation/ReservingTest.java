package xyz.openledger.actors.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.actors.pool.Booking;

/** Slots that tenants buy ahead in reverse auctions, in virtual time. */
class ReservingTest {
  private static final Comparison.Plan SMALL =
      new Comparison.Plan(7, 1, 12, 150, 120, null, false, false, false, false, false, true);

  @Test
  void slotsAreBoughtAheadAndHurriedJobsRunOnThem() {
    SimulationReport report = Comparison.run(SMALL, _ -> {});

    assertThat(report.rows())
        .filteredOn(row -> row.scheduler().equals("openledger, slots ahead"))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.figures().slotHoursAhead()).isPositive();
              assertThat(row.figures().aheadOpenPerSlotHour()).isPositive();
              assertThat(row.figures().settled() + row.figures().failed()).isEqualTo(150);
            });
    assertThat(report.rows())
        .filteredOn(row -> !row.scheduler().equals("openledger, slots ahead"))
        .allSatisfy(row -> assertThat(row.figures().slotHoursAhead()).isZero());
  }

  /** What a market of slots that are bought ahead must never do. */
  private enum Fault implements Rules {
    PAYS_LESS("the others would cost") {
      @Override
      public List<Booking> awarded(List<Booking> won) {
        return won.stream().map(it -> changed(it, it.slots(), it.priceNanoOpen() - 1)).toList();
      }
    },
    SELLS_FEWER("are sold") {
      @Override
      public List<Booking> awarded(List<Booking> won) {
        return won.subList(1, won.size());
      }
    },
    SELLS_WHAT_IS_NOT_THERE("than it has for sale") {
      @Override
      public List<Booking> awarded(List<Booking> won) {
        Booking first = won.getFirst();
        return List.of(changed(first, 9, first.priceNanoOpen()));
      }
    },
    KEEPS_NOTHING("that were bought ahead") {
      @Override
      public int withheld(int slots) {
        return 0;
      }
    },
    PAYS_FOR_NOTHING("is paid") {
      @Override
      public long earned(Booking booking, long nanoOpen) {
        return booking.priceNanoOpen() - 1;
      }
    };

    final String words;

    Fault(String words) {
      this.words = words;
    }

    private static Booking changed(Booking it, int slots, long nanoOpen) {
      return new Booking(
          it.id(),
          it.order(),
          it.number(),
          it.tenant(),
          it.node(),
          it.owner(),
          slots,
          nanoOpen,
          it.periodMillis());
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void aPlantedFaultMakesItFail(Fault fault) {
    assertThatThrownBy(
            () -> {
              for (long seed = 1; seed <= 10; seed++) {
                Scenario scenario = Scenario.draw(seed, new Scenario.Size(12, 150, 150, null));
                new Simulation(
                        scenario,
                        new Production(seed),
                        new Usefulness(scenario),
                        "openledger",
                        Wishes.AHEAD,
                        fault)
                    .run();
              }
            })
        .isInstanceOf(Invariants.Violation.class)
        .hasMessageContaining(fault.words);
  }
}
