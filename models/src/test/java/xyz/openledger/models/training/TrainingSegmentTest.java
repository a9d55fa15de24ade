package xyz.openledger.models.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;

class TrainingSegmentTest {
  private static final StrictKernels KERNELS = StrictKernels.best();

  @TempDir Path folder;
  private Path model;
  private Path data;
  private TrainingJob job;

  @BeforeEach
  void write() throws IOException {
    model = TinyModel.of("llama", 5).write(folder.resolve("model"), TensorType.F32);
    data =
        Files.write(
            folder.resolve("data.jsonl"),
            List.of(
                "{\"prompt\": \"sun\", \"completion\": \" shines\"}",
                "{\"prompt\": \"rain\", \"completion\": \" falls\"}"));
    try (var tune =
        new FineTune(
            KERNELS, 1, model, data, FineTuneTest.SHAPE, FineTuneTest.settings(6), false)) {
      job = tune.job();
    }
  }

  @Test
  void segmentsOneAfterTheOtherEndWhereTheWholeEnds() throws IOException {
    Checkpoint whole = run(new TrainingSegment(job, Optional.empty(), 6), "whole");
    Checkpoint first = run(new TrainingSegment(job, Optional.empty(), 2), "parts");
    Checkpoint second = run(new TrainingSegment(job, Optional.of(first.digest()), 4), "parts");
    Checkpoint third = run(new TrainingSegment(job, Optional.of(second.digest()), 6), "parts");
    assertThat(third.digest()).isEqualTo(whole.digest());
  }

  @Test
  void whoStopsOnTheWayTellsNoLossOnWhatIsHeldBackAndTheEndIsTheSame() throws IOException {
    Files.writeString(
        data,
        Files.readString(data) + "{\"prompt\":\"sea\",\"completion\":\"!\",\"heldBack\":true}");
    try (var tune =
        new FineTune(
            KERNELS, 1, model, data, FineTuneTest.SHAPE, FineTuneTest.settings(6), false)) {
      job = tune.job();
      assertThat(tune.fuel().heldBackTokens()).isPositive();
    }
    Checkpoint whole = run(new TrainingSegment(job, Optional.empty(), 6), "held");
    Path parts = folder.resolve("held-parts");
    var blobs = TrainingSegment.inPlace(model, data, parts);
    Checkpoint half =
        new TrainingSegment(job, Optional.empty(), 6)
            .run(KERNELS, 1, blobs, parts, () -> {}, () -> true);
    Checkpoint end = run(new TrainingSegment(job, Optional.of(half.digest()), 6), "held-parts");

    assertThat(half.step()).isEqualTo(1);
    assertThat(Checkpoint.curve(Files.readAllBytes(half.file())).heldBack()).isEmpty();
    assertThat(Checkpoint.curve(Files.readAllBytes(whole.file())).heldBack()).isPresent();
    assertThat(end.digest()).isEqualTo(whole.digest());
  }

  @Test
  void aSegmentTravelsAsText() {
    var segment = new TrainingSegment(job, Optional.of(Digest.of(new byte[] {1})), 5);
    assertThat(TrainingSegment.parse(segment.toBytes())).isEqualTo(segment);
  }

  @Test
  void otherDataThanTheSegmentNamesIsRefused() throws IOException {
    Files.writeString(data, "{\"prompt\": \"sun\", \"completion\": \" sets\"}");
    assertThatThrownBy(() -> run(new TrainingSegment(job, Optional.empty(), 2), "other"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("there and");
  }

  @Test
  void anotherModelThanTheSegmentNamesIsRefused() throws IOException {
    TinyModel.of("llama", 6).write(model, TensorType.F32);
    assertThatThrownBy(() -> run(new TrainingSegment(job, Optional.empty(), 2), "other"))
        .isInstanceOfSatisfying(
            ProblemException.class, refused -> assertThat(refused.field()).isEqualTo("base"));
  }

  @Test
  void whatIsMissingInTheTextIsNamed() {
    byte[] bytes =
        new String(new TrainingSegment(job, Optional.empty(), 5).toBytes(), StandardCharsets.UTF_8)
            .replace("\"seed\"", "\"need\"")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> TrainingSegment.parse(bytes))
        .isInstanceOfSatisfying(
            ProblemException.class, refused -> assertThat(refused.field()).isEqualTo("seed"));
  }

  @Test
  void numbersThatAreNoIntegersOrTooLargeAreRefusedByName() {
    String text =
        new String(new TrainingSegment(job, Optional.empty(), 5).toBytes(), StandardCharsets.UTF_8);
    for (String field : new String[] {"seed", "rank", "steps", "batch", "warm-up"}) {
      for (String wrong : new String[] {"1.5", "1e99", "99999999999999999999", "1e-999999999"}) {
        String spoilt =
            text.replaceFirst(
                "\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":\"" + wrong + "\"");
        assertThat(spoilt).isNotEqualTo(text);
        assertThatThrownBy(() -> TrainingSegment.parse(spoilt.getBytes(StandardCharsets.UTF_8)))
            .isInstanceOfSatisfying(
                ProblemException.class, refused -> assertThat(refused.field()).isEqualTo(field));
      }
    }
  }

  private Checkpoint run(TrainingSegment segment, String out) throws IOException {
    Path checkpoints = folder.resolve(out);
    return segment.run(KERNELS, 1, TrainingSegment.inPlace(model, data, checkpoints), checkpoints);
  }
}
