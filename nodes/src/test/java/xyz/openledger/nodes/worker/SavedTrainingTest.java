package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.training.AdapterShape;
import xyz.openledger.models.training.Settings;
import xyz.openledger.models.training.TrainingFuel;
import xyz.openledger.models.training.TrainingJob;
import xyz.openledger.models.training.TrainingSegment;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.SavedState;

class SavedTrainingTest {
  private static final Digest STATE = Digest.of(new byte[] {1});

  /** Steps 11 to 40; each burns 3 × 100 × (8 × 21 / 4), and the loss in the end 100 × 50. */
  private static final TrainingFuel TRAINING = new TrainingFuel(100, 8, 21, 4, 50);

  private static final FuelBySteps FUEL = new FuelBySteps(10, 40, TRAINING);

  private static final TrainingSegment TASK =
      new TrainingSegment(
          new TrainingJob(
              Digest.of(new byte[] {2}),
              Digest.of(new byte[] {3}),
              new AdapterShape(2, 4, EnumSet.of(Projection.QUERY)),
              new Settings(100, 8, 0.01f, 1, 0.01f, 1, 5)),
          Optional.of(Digest.of(new byte[] {4})),
          40);

  @Test
  void goesOnFromTheStateToTheSameEnd() {
    var rest = SavedTraining.rest(TASK, saved(25, FUEL.until(25)), FUEL, 25);

    assertThat(rest).isEqualTo(new TrainingSegment(TASK.job(), Optional.of(STATE), 40));
  }

  @Test
  void theFuelOfTheStepsOfTwoNodesIsThatOfOne() {
    for (int step = 11; step < 40; step++) {
      var second = new FuelBySteps(step, 40, TRAINING);
      assertThat(FUEL.until(step) + second.until(40)).isEqualTo(FUEL.until(40));
    }
  }

  @Test
  void theLossOnWhatIsHeldBackIsBurntOnceAndInTheEnd() {
    assertThat(FUEL.until(39)).isEqualTo(29 * 300 * 42);
    assertThat(FUEL.until(40)).isEqualTo(30 * 300 * 42 + 100 * 50);
  }

  @Test
  void whatIsHeldBackStaysSo() {
    var task = new TrainingSegment(TASK.job(), TASK.from(), 40, true);

    assertThat(SavedTraining.rest(task, saved(25, FUEL.until(25)), FUEL, 25).holdBack()).isTrue();
  }

  @Test
  void moreFuelThanCanBeCountedIsNotLittle() {
    var endless = new TrainingFuel(Long.MAX_VALUE / 4, 8, 21, 4, Long.MAX_VALUE / 4);

    assertThat(new FuelBySteps(0, 5, endless).until(5)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void refusesAStateOfAnotherStepThanItSaysOrOutsideItsTaskOrThatClaimsTooMuch() {
    assertRefused(saved(25, FUEL.until(25)), 24, "is of step 24, not 25");
    assertRefused(saved(10, 1), 10, "the task makes those after 10 until 40");
    assertRefused(saved(40, FUEL.until(40)), 40, "the task makes those after 10 until 40");
    assertRefused(saved(25, FUEL.until(25) + 1), 25, "claims");
  }

  @Test
  void stopsAfterTheLastStepThatIsDoneInTime() {
    var watch = new StepWatch();
    watch.begin(0);
    assertThat(watch.stops(10)).as("nobody asked").isFalse();
    watch.stopAt(35);
    assertThat(watch.stops(20)).as("the next ends at thirty").isFalse();
    assertThat(watch.stops(30)).as("the next would end at forty").isTrue();
  }

  private static void assertRefused(SavedState saved, long stepInFile, String why) {
    assertThatThrownBy(() -> SavedTraining.rest(TASK, saved, FUEL, stepInFile))
        .hasMessageContaining(why);
  }

  private static SavedState saved(int step, long fuel) {
    return new SavedState(STATE, step, fuel);
  }
}
