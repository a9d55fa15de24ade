package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;

class FineTuneTest {
  static final AdapterShape SHAPE =
      new AdapterShape(4, 8, EnumSet.of(Projection.QUERY, Projection.VALUE, Projection.DOWN));
  static final int STEPS = 9;

  @TempDir Path folder;
  private Path model;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    model = TinyModel.of("llama", 5).write(folder.resolve("model"), TensorType.BF16);
    data = folder.resolve("data.jsonl");
    var lines = new ArrayList<String>();
    for (String word : List.of("sun", "moon", "star", "sea", "hill", "road", "tree", "rain")) {
      lines.add("{\"prompt\": \"%s\", \"completion\": \" %s!\"}".formatted(word, word));
    }
    Files.write(data, lines);
  }

  @Test
  void theLossFalls() throws IOException {
    var losses = new ArrayList<Double>();
    try (FineTune tune = tune(settings(40), 1, StrictKernels.best())) {
      tune.run(
          tune.beginning(),
          40,
          0,
          folder.resolve("out"),
          event -> {
            if (event instanceof TrainingEvent.Stepped step) {
              losses.add(step.loss());
            }
          });
    }
    assertThat(losses).hasSize(40);
    assertThat(losses.getLast()).isLessThan(losses.getFirst() / 2);
  }

  @Test
  void whoGoesOnFromACheckpointEndsAtTheSameBits() throws IOException {
    Digest whole;
    try (FineTune tune = tune(settings(STEPS), 1, StrictKernels.best())) {
      TrainingState end = tune.run(tune.beginning(), STEPS, 0, folder.resolve("a"), _ -> {});
      whole = tune.publish(end, folder.resolve("adapter"));
    }
    Path stopped = folder.resolve("b");
    try (FineTune tune = tune(settings(STEPS), 1, StrictKernels.best())) {
      tune.run(tune.beginning(), 4, 0, stopped, _ -> {});
    }
    try (FineTune other = tune(settings(STEPS), 2, StrictKernels.java())) {
      TrainingState state = other.read(Checkpoint.latest(stopped).orElseThrow());
      assertThat(state.step()).isEqualTo(4);
      state = other.run(state, STEPS, 0, stopped, _ -> {});
      assertThat(other.publish(state, folder.resolve("again"))).isEqualTo(whole);
    }
    assertThat(Checkpoint.latest(stopped).orElseThrow().digest())
        .isEqualTo(Checkpoint.latest(folder.resolve("a")).orElseThrow().digest());
  }

  @Test
  void stepsMadeAgainAgreeAndOthersDoNot() throws IOException {
    Path folderOfThem = folder.resolve("c");
    var saved = new ArrayList<Checkpoint>();
    try (FineTune tune = tune(settings(STEPS), 1, StrictKernels.best())) {
      tune.run(
          tune.beginning(),
          STEPS,
          3,
          folderOfThem,
          event -> {
            if (event instanceof TrainingEvent.Saved one) {
              saved.add(new Checkpoint(one.file(), one.step(), one.digest()));
            }
          });
      assertThat(saved).extracting(Checkpoint::step).containsExactly(3, 6, 9);
      assertThat(tune.again(saved.get(0), saved.get(1), _ -> {})).isEqualTo(saved.get(1).digest());

      TrainingState cheated = tune.read(saved.get(1));
      float first = cheated.weights().memory().getAtIndex(JAVA_FLOAT, 0);
      cheated.weights().memory().setAtIndex(JAVA_FLOAT, 0, Math.nextUp(first));
      Checkpoint claimed = Checkpoint.write(folder.resolve("d"), tune.job(), cheated);
      assertThat(tune.again(saved.get(0), claimed, _ -> {})).isNotEqualTo(claimed.digest());
    }
  }

  @Test
  void aChangedCheckpointIsRefused() throws IOException {
    Path out = folder.resolve("e");
    try (FineTune tune = tune(settings(STEPS), 1, StrictKernels.best())) {
      tune.run(tune.beginning(), 2, 0, out, _ -> {});
      Checkpoint checkpoint = Checkpoint.latest(out).orElseThrow();
      byte[] bytes = Files.readAllBytes(checkpoint.file());
      bytes[bytes.length - 1] ^= 1;
      Files.write(checkpoint.file(), bytes);
      assertThatThrownBy(() -> tune.read(checkpoint))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("changed");
    }
  }

  @Test
  void aCheckpointOfOtherSettingsIsRefused() throws IOException {
    Path out = folder.resolve("f");
    try (FineTune tune = tune(settings(STEPS), 1, StrictKernels.best())) {
      tune.run(tune.beginning(), 2, 0, out, _ -> {});
    }
    try (FineTune tune = tune(settings(STEPS + 1), 1, StrictKernels.best())) {
      Checkpoint checkpoint = Checkpoint.latest(out).orElseThrow();
      assertThatThrownBy(() -> tune.read(checkpoint))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("is 9 there and 10 here");
    }
  }

  @Test
  void aSampleAloneHasAGradientAndTheyAddUp() throws IOException {
    try (FineTune tune = tune(settings(STEPS), 1, StrictKernels.best())) {
      TrainingState state = tune.run(tune.beginning(), 3, 0, folder.resolve("g"), _ -> {});
      try (GradientSum sum = tune.gradientsAt(state)) {
        double added = 0;
        int targets = 0;
        for (int i = 0; i < tune.samples(); i++) {
          GradientSum.Result one = tune.gradientOf(state, i, sum);
          added += one.gradient().memory().getAtIndex(JAVA_FLOAT, 5) * (double) one.counted();
          targets += one.counted();
        }
        GradientSum.Result all = sum.of(tune.allSamples());
        assertThat(all.counted()).isEqualTo(targets);
        assertThat(added / targets)
            .isCloseTo(all.gradient().memory().getAtIndex(JAVA_FLOAT, 5), within(1e-5));
      }
    }
  }

  @Test
  void whatTheFileMarksIsToldAtEachCheckpointAndMovesNoWeight() throws IOException {
    var told = new ArrayList<Integer>();
    Digest without = trained("without", _ -> {});
    var lines = new ArrayList<>(Files.readAllLines(data));
    lines.add(3, "{\"prompt\": \"lake\", \"completion\": \" lake!\", \"heldBack\": true}");
    Files.write(data, lines);
    Digest with =
        trained(
            "with",
            event -> {
              if (event instanceof TrainingEvent.Evaluated(int step, double loss)) {
                assertThat(loss).isPositive();
                told.add(step);
              }
            });

    assertThat(with).isEqualTo(without);
    assertThat(told).containsExactly(4, 8, 9);
    lines.set(3, lines.get(3).replace("true", "false"));
    Files.write(data, lines);
    assertThat(trained("learnt", _ -> {}))
        .as("the comparison sees what is learnt")
        .isNotEqualTo(with);
  }

  private Digest trained(String name, java.util.function.Consumer<TrainingEvent> events)
      throws IOException {
    try (FineTune tune = tune(settings(STEPS), 1, StrictKernels.best())) {
      TrainingState end = tune.run(tune.beginning(), STEPS, 4, folder.resolve(name), events);
      return tune.publish(end, folder.resolve("adapter-" + name));
    }
  }

  @Test
  void whatIsHeldBackIsToldAndNotLearnt() throws IOException {
    Files.write(data, java.util.Collections.nCopies(20, Files.readAllLines(data).getFirst()));
    var told = new ArrayList<TrainingEvent.Evaluated>();
    try (var tune = new FineTune(StrictKernels.best(), 1, model, data, SHAPE, settings(4), true)) {
      assertThat(tune.samples()).isEqualTo(18);
      tune.run(
          tune.beginning(),
          4,
          2,
          folder.resolve("h"),
          event -> {
            if (event instanceof TrainingEvent.Evaluated one) {
              told.add(one);
            }
          });
    }
    assertThat(told).extracting(TrainingEvent.Evaluated::step).containsExactly(2, 4);
    assertThat(told.getLast().loss()).isLessThan(told.getFirst().loss());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"prompt\": \"a\"}                                  | line 2, completion  | is missing",
        "{\"prompt\": 3, \"completion\": \"b\"}               | line 2, prompt      | is no text",
        "{\"prompt\": \"a\", \"completion\"                   | line 2              | is no JSON",
        "{\"messages\": []}                                   | line 2, messages    | no list",
        "{\"messages\": [{\"role\": \"king\"}]}               | line 2, messages[0].role | is king",
        "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]} | line 2, messages[0] | no"
            + " token",
      })
  void badDataIsRefusedWithItsLineAndField(String line, String field, String why)
      throws IOException {
    Files.write(data, List.of("{\"prompt\": \"a\", \"completion\": \"b\"}", line));
    assertThatThrownBy(() -> tune(settings(2), 1, StrictKernels.best()).close())
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.field()).isEqualTo(field);
              assertThat(refused.detail()).contains(why);
            });
  }

  @Test
  void whatDoesNotFitTheContextIsRefused() throws IOException {
    Files.writeString(
        data, "{\"prompt\": \"a\", \"completion\": \"%s\"}".formatted("b ".repeat(400)));
    assertThatThrownBy(() -> tune(settings(2), 1, StrictKernels.best()).close())
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("and the model reads 256");
  }

  static Settings settings(int steps) {
    return new Settings(steps, 4, 1e-2f, 2, 0.01f, 1, 3);
  }

  private FineTune tune(Settings settings, int threads, StrictKernels kernels) throws IOException {
    return new FineTune(kernels, threads, model, data, SHAPE, settings, false);
  }
}
