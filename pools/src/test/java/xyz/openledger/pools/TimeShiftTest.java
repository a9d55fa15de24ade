package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.pools.World.GIGAFUEL;
import static xyz.openledger.pools.World.MIB;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.pools.energy.GridIntensity;
import xyz.openledger.pools.energy.GridIntensity.Basis;
import xyz.openledger.pools.energy.GridIntensity.Reading;
import xyz.openledger.pools.energy.Zones;
import xyz.openledger.protocol.Policy;

class TimeShiftTest {
  private static final long HOUR = 3_600_000;
  private static final long NOON = 12 * HOUR;
  private static final long DAY = 24 * HOUR;

  /** Half an hour on the machines here. */
  private static final long FUEL = 1_800 * GIGAFUEL;

  /** 400 g until three, then 40 g until six. */
  private final GridIntensity nights =
      hourly(Map.of(), hour -> hour % 24 >= 3 && hour % 24 < 6 ? 40 : 400);

  @Test
  void waitsForTheCleanNight() {
    var wait = wait(nights, policy(shift(0, null), DAY), NOON).orElseThrow();

    assertThat(wait.untilMillis()).isEqualTo(27 * HOUR);
    // 100 W over 8 slots for half an hour is 6.25 Wh: 2.5 g of 400 g/kWh, a tenth of that at night.
    assertThat(wait.nowMicrograms()).isEqualTo(2_500_000);
    assertThat(wait.thenMicrograms()).isEqualTo(250_000);
    assertThat(wait.words())
        .startsWith(
            "waits until 1970-01-02T03:00:00Z for a cleaner grid in FR: saves 2.250 g CO2e");
  }

  @Test
  void startsAtOnceWithoutAWishToWait() {
    assertThat(wait(nights, policy(null, DAY), NOON)).isEmpty();
  }

  @Test
  void startsAtOnceWhereTheDeadlineComesBeforeTheNight() {
    assertThat(wait(nights, policy(shift(0, null), 15 * HOUR), NOON)).isEmpty();
    // Twice half an hour, and ten minutes, after three.
    assertThat(wait(nights, policy(shift(0, null), 16 * HOUR + 9 * 60_000), NOON)).isEmpty();
    assertThat(wait(nights, policy(shift(0, null), 16 * HOUR + 10 * 60_000), NOON)).isPresent();
  }

  @Test
  void startsAtOnceWhereThePolicyWaitsLessLong() {
    assertThat(wait(nights, policy(shift(0, 14 * HOUR), DAY), NOON)).isEmpty();
    assertThat(wait(nights, policy(shift(0, 15 * HOUR), DAY), NOON)).isPresent();
  }

  @Test
  void startsAtOnceWhereTooLittleIsSaved() {
    assertThat(wait(nights, policy(shift(2_251, null), DAY), NOON)).isEmpty();
    assertThat(wait(nights, policy(shift(2_250, null), DAY), NOON)).isPresent();
  }

  @Test
  void startsAtOnceWhereAnotherGridIsCleanNow() {
    var nodes = List.of(machine("ada", "FR", 400, 100), machine("bob", "", 30, 100));

    assertThat(of(nights, policy(shift(0, null), DAY), nodes, NOON)).isEmpty();
  }

  @Test
  void waitsForNoAverageAndNoMachineOfUnknownWatts() {
    GridIntensity average = (_, _) -> Optional.of(new Reading(400, Basis.YEARLY_AVERAGE, "a year"));

    assertThat(wait(average, policy(shift(0, null), DAY), NOON)).isEmpty();
    assertThat(of(nights, policy(shift(0, null), DAY), List.of(machine("ada", "FR", 400, 0)), NOON))
        .isEmpty();
  }

  @Test
  void weighsTheWaitAgainstTheGrams() {
    // A little cleaner in an hour, and very clean in the night.
    var grid = hourly(Map.of(), hour -> hour == 13 ? 300 : hour >= 27 ? 40 : 400);
    var patient = weighed(new Policy.Weights(0, 0, 0, 100), shift(0, null), DAY);
    var hasty = weighed(new Policy.Weights(0, 100, 0, 25), shift(0, null), DAY);

    assertThat(wait(grid, patient, NOON).orElseThrow().untilMillis()).isEqualTo(27 * HOUR);
    assertThat(wait(grid, hasty, NOON).map(TimeShift.Wait::untilMillis).orElse(NOON))
        .isLessThan(27 * HOUR);
  }

  @ParameterizedTest
  @ValueSource(longs = {1_800, 7_200, 9_900})
  void looksAtAllTheHoursThatTheWorkTakes(long seconds) {
    var wait =
        new TimeShift(nights)
            .of(
                request(policy(shift(0, null), 7 * DAY), seconds * GIGAFUEL),
                List.of(machine("ada", "FR", 400, 100)),
                NOON + 7 * DAY,
                NOON);

    assertThat(wait.orElseThrow().untilMillis() % DAY).isBetween(2 * HOUR, 4 * HOUR);
  }

  @Test
  void leavesTimeForTheSlowestMachineThatMayGetIt() {
    Node quick = machine("ada", "FR", 400, 100);
    Node slow = tenTimesSlower(machine("bob", "", 400, 0));
    var halfAnHour = request(policy(shift(0, null), 20 * HOUR), 1_800 * GIGAFUEL);
    var shift = new TimeShift(nights);
    long deadline = NOON + 20 * HOUR;

    long alone = shift.of(halfAnHour, List.of(quick), deadline, NOON).orElseThrow().untilMillis();
    long beside =
        shift
            .of(halfAnHour, List.of(quick, slow), deadline, NOON)
            .map(TimeShift.Wait::untilMillis)
            .orElse(NOON);

    assertThat(beside + 2 * 5 * HOUR).isLessThanOrEqualTo(deadline);
    assertThat(alone).as("with the quick one alone it waits for the night").isGreaterThan(beside);
  }

  private static Node tenTimesSlower(Node node) {
    return new Node(
        node.id(),
        node.owner(),
        node.pool(),
        node.region(),
        node.carbonGramsPerKwh(),
        node.priceNanoOpenPerGigafuel(),
        node.fuelPerCpuSecond() / 10,
        node.roundTripMicros(),
        node.memoryMaxBytesPerSlot(),
        node.freeSlots(),
        node.slots(),
        node.reputation(),
        node.acceptedReplicas(),
        node.accepting(),
        node.traits());
  }

  static Stream<Long> seeds() {
    Long seed = Long.getLong("seed");
    return seed == null ? new SplittableRandom(380).longs(300).boxed() : Stream.of(seed);
  }

  /** Whatever is drawn: it is in time even if it takes twice as long, and it saves what it says. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void neverWaitsBeyondTheDeadlineAndSavesWhatItSays(long seed) {
    var random = new SplittableRandom(seed);
    var drawn = new HashMap<String, Integer>();
    var grid = hourly(drawn, _ -> random.nextInt(1, 900));
    var nodes = new ArrayList<Node>();
    for (int i = 0; i < random.nextInt(1, 6); i++) {
      nodes.add(machine("n" + i, "Z" + random.nextInt(3), 400, random.nextInt(0, 300)));
    }
    long now = random.nextLong(30 * DAY);
    long deadlineMillis = random.nextLong(60_000, 7 * DAY);
    Long within = random.nextBoolean() ? null : (Long) random.nextLong(1, 2 * DAY);
    int saves = random.nextInt(1_000);
    long fuel = random.nextLong(1, 10_000) * GIGAFUEL;
    var policy =
        weighed(
            new Policy.Weights(0, random.nextInt(50), 0, 100),
            shift(saves, within),
            deadlineMillis);

    var wait = new TimeShift(grid).of(request(policy, fuel), nodes, now + deadlineMillis, now);

    wait.ifPresent(
        it -> {
          long takes = fuel / 1_000_000;
          assertThat(it.untilMillis()).isGreaterThan(now);
          assertThat(it.untilMillis() + 2 * takes).isLessThanOrEqualTo(now + deadlineMillis);
          assertThat(it.untilMillis())
              .isLessThanOrEqualTo(within == null ? Long.MAX_VALUE : now + within);
          assertThat(it.savesMicrograms()).isPositive().isGreaterThanOrEqualTo(saves * 1_000L);
        });
  }

  private Optional<TimeShift.Wait> wait(GridIntensity grid, Policy policy, long now) {
    return of(grid, policy, List.of(machine("ada", "FR", 400, 100)), now);
  }

  private static Optional<TimeShift.Wait> of(
      GridIntensity grid, Policy policy, List<Node> nodes, long now) {
    return new TimeShift(grid)
        .of(request(policy, FUEL), nodes, now + policy.limits().deadlineMillis(), now);
  }

  private static Request request(Policy policy, long fuel) {
    return new Request(
        World.task(1), 0, policy, fuel, 64 * MIB, Set.of(), Set.of(), 1_000_000_000_000L);
  }

  private static Policy policy(Policy.Shift shift, long deadlineMillis) {
    return weighed(new Policy.Weights(0, 0, 0, 100), shift, deadlineMillis);
  }

  private static Policy weighed(Policy.Weights weights, Policy.Shift shift, long deadlineMillis) {
    return new Policy(
        new Policy.Objective(weights),
        new Policy.Limits(1_000_000_000_000L, deadlineMillis, List.of(), null, 0),
        new Policy.Verification(Policy.Method.TRUSTED, null),
        null,
        null,
        null,
        null,
        shift,
        null);
  }

  private static Policy.Shift shift(int savesMilligrams, Long withinMillis) {
    return new Policy.Shift(savesMilligrams, withinMillis);
  }

  private static Node machine(String name, String zone, int declared, int watts) {
    var labels = zone.isEmpty() ? Map.<String, String>of() : Map.of(Zones.LABEL, zone);
    Node node = World.node(name, name, "eu", declared, 1_000_000, 5_000, 4);
    return new Node(
        node.id(),
        node.owner(),
        node.pool(),
        node.region(),
        declared,
        node.priceNanoOpenPerGigafuel(),
        1_000_000_000,
        0,
        node.memoryMaxBytesPerSlot(),
        4,
        8,
        5_000,
        1,
        true,
        new Traits(labels, "", "", "", 0, 0, 0, List.of(), watts));
  }

  /** The same figure each time that an hour is asked about. */
  private static GridIntensity hourly(
      Map<String, Integer> known, java.util.function.LongToIntFunction figure) {
    var remembered = new HashMap<>(known);
    return (zone, hour) ->
        zone.isEmpty() || zone.startsWith(" ")
            ? Optional.empty()
            : Optional.of(
                new Reading(
                    remembered.computeIfAbsent(zone + hour, _ -> figure.applyAsInt(hour)),
                    Basis.HOURLY,
                    "drawn"));
  }
}
