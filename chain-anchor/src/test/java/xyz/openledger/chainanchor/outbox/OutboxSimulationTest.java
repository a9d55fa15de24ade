package xyz.openledger.chainanchor.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.chainanchor.outbox.OutboxSimulation.Trait;
import xyz.openledger.chainanchor.outbox.OutboxSimulation.World;

/** The seed names the case: run one again with {@code -Dseed=...}. */
class OutboxSimulationTest {
  private static final int STEPS = 600;

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    int count =
        Integer.getInteger("openledger.outbox.seeds", Boolean.getBoolean("thorough") ? 600 : 60);
    return seed != null ? LongStream.of(seed) : new SplittableRandom(19).longs(count);
  }

  static LongStream fewSeeds() {
    return seeds().limit(10);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyEffectHappensOnceThroughAnyStorm(long seed) {
    var simulation = new OutboxSimulation(seed, World.STORM);

    simulation.live(STEPS);

    assertThat(simulation.faults).isGreaterThan(100);
    assertThat(simulation.crashes).isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void nothingIsSentInVainWhereNobodyLies(long seed) {
    new OutboxSimulation(seed, World.HONEST).live(STEPS);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("fewSeeds")
  void everyEffectHappensOnceHoweverMuchTipsRise(long seed) {
    new OutboxSimulation(seed, World.STORM.with(Trait.DEAR)).live(STEPS);
    new OutboxSimulation(seed, World.HONEST.with(Trait.DEAR)).live(STEPS);
  }

  @Test
  void anOutboxThatStopsToReplaceIsFoundOut() {
    assertThat(red(World.HONEST.with(Trait.DEAR, Trait.STOPS_REPLACING))).isPositive();
  }

  @Test
  void anOutboxThatForgetsReplacedTransactionsIsFoundOut() {
    assertThat(red(World.HONEST.with(Trait.FORGETS_REPLACEMENTS))).isPositive();
  }

  @Test
  void anOutboxThatDoesNotLookForEffectsIsFoundOut() {
    assertThat(red(World.STORM.with(Trait.SKIPS_EFFECT_CHECKS))).isPositive();
  }

  @Test
  void contractsThatDoNotCompareAndSwapAreFoundOut() {
    assertThat(red(World.STORM.with(Trait.WITHOUT_COMPARE_AND_SWAP, Trait.SKIPS_EFFECT_CHECKS)))
        .isPositive();
  }

  /** How many of some seeds fail. */
  private static long red(World world) {
    return new SplittableRandom(19)
        .longs(10)
        .filter(
            seed -> {
              try {
                new OutboxSimulation(seed, world).live(STEPS);
                return false;
              } catch (AssertionError found) {
                return true;
              }
            })
        .count();
  }
}
