package xyz.openledger.cluster.member;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.training.AdapterShape;
import xyz.openledger.models.training.FineTune;
import xyz.openledger.models.training.Settings;
import xyz.openledger.models.training.TrainingFuel;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

class SampleBytesTest {
  private static final Path TINY =
      Path.of(System.getProperty("openledger.home", ".."), "examples/models/tiny");
  private static final int STEPS = 7;
  private static final int BATCH = 3;

  @TempDir Path folder;

  private static String sample(int letters, String more) {
    return "{\"prompt\":\"é\",\"completion\":\"%s\"%s}".formatted("é".repeat(letters), more);
  }

  private static List<String> file(int learnt, int letters, int held, int heldLetters) {
    return Stream.concat(
            Collections.nCopies(learnt, sample(letters, "")).stream(),
            Collections.nCopies(held, sample(heldLetters, ",\"heldBack\":true")).stream())
        .toList();
  }

  @ParameterizedTest(name = "{0} samples of {1} letters, {2} of {3} held back, a tenth too: {4}")
  @CsvSource({
    "10, 200, 90, 4, false",
    "10, 4, 90, 200, false",
    "1, 4, 300, 60, false",
    "40, 30, 0, 0, true",
    "25, 60, 15, 3, true",
    "9, 60, 1, 3, true",
  })
  void whatAMemberAdmitsIsEnoughForANode(
      int learnt, int letters, int held, int heldLetters, boolean tenth) throws IOException {
    Path data = Files.write(folder.resolve("data.jsonl"), file(learnt, letters, held, heldLetters));
    TrainingFuel burnt = ofNode(data, tenth);
    var bytes = SampleBytes.of(Files.readAllBytes(data), tenth);
    var admitted =
        new TrainingFuel(burnt.weights(), BATCH, bytes.learnt(), bytes.samples(), bytes.heldBack());

    assertThat(bytes.samples()).isEqualTo(burnt.samples());
    assertThat(admitted.ofStepAtMost() * STEPS).isGreaterThanOrEqualTo(burnt.ofSteps(STEPS));
    assertThat(admitted.ofLoss()).isGreaterThanOrEqualTo(burnt.ofLoss());
    assertThat(burnt.ofLoss() > 0).isEqualTo(admitted.ofLoss() > 0);
  }

  @Test
  void samplesThatOnlyTellTheLossAreInTheFuelAndNotInTheMeanOfTheOthers() {
    byte[] plain = bytes(file(10, 4_000, 0, 0));
    byte[] both = bytes(file(10, 4_000, 90, 200));

    var alone = SampleBytes.of(plain, false);
    var with = SampleBytes.of(both, false);

    assertThat(with.samples()).isEqualTo(alone.samples()).isEqualTo(10);
    assertThat(with.learnt()).isEqualTo(alone.learnt());
    assertThat(alone.heldBack()).isZero();
    assertThat(with.heldBack()).isGreaterThan(90 * 400);
  }

  @Test
  void aMarkIsTheLinesOwnAndBlankLinesAreNone() {
    String text =
        "{\"a\":{\"heldBack\":true}}\r\n"
            + "\u2003\r"
            + "{\"heldBack\":false}\n\n"
            + "{\"heldBack\":true}\n"
            + "{heldBack";

    var read = SampleBytes.of(text.getBytes(UTF_8), false);

    assertThat(read.samples()).isEqualTo(3);
    assertThat(read.heldBack()).isEqualTo("{\"heldBack\":true}".length());
  }

  @Test
  void aFileOfWhichNothingIsLearntOrTooMuchHeldBackIsRefused() {
    assertThatThrownBy(() -> SampleBytes.of(bytes(file(0, 0, 3, 1)), false))
        .hasMessageContaining("holds no sample to learn from");
    assertThat(SampleBytes.of(bytes(file(1, 1, 10_000, 1)), false).samples()).isEqualTo(1);
    assertThatThrownBy(() -> SampleBytes.of(bytes(file(1, 1, 10_001, 1)), false))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem()).isEqualTo(Problem.TOO_LARGE);
              assertThat(refused.field()).isEqualTo("data");
            });
  }

  private static TrainingFuel ofNode(Path data, boolean tenth) throws IOException {
    var shape = new AdapterShape(2, 4, EnumSet.of(Projection.QUERY));
    var settings = new Settings(STEPS, BATCH, 0.01f, 1, 0.01f, 1, 5);
    try (var tune = new FineTune(StrictKernels.best(), 1, TINY, data, shape, settings, tenth)) {
      return tune.fuel();
    }
  }

  private static byte[] bytes(List<String> lines) {
    return String.join("\n", lines).getBytes(UTF_8);
  }
}
