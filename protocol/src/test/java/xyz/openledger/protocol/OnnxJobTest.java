package xyz.openledger.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.json.Json;

class OnnxJobTest {
  private static final Digest MODEL = Digest.of(new byte[] {1});
  private static final String PROFILE = "ort1.29.0-0a1b2c3d.authenticamd-25.1f0c9e77";

  private static Policy.Verification quorum(@Nullable Tolerance tolerance) {
    return new Policy.Verification(
        Policy.Method.QUORUM, new Policy.Parameters(2, 3), null, null, tolerance);
  }

  private static JobSpec job(Policy.Verification how, int selectors, String... arguments) {
    var label = new Policy.LabelRequirement("gpu", Policy.Operator.EXISTS, null);
    return new JobSpec(
        "digits",
        Map.of(),
        new Workload.Onnx(MODEL, 1_000, 1 << 20, 1_000),
        List.of(new JobSpec.Task(List.of(arguments), Digest.of(new byte[] {2}))),
        new Policy(
            null,
            new Policy.Limits(1_000, 1_000, List.of(), null, 0),
            how,
            null,
            null,
            null,
            selectors == 0 ? null : Collections.nCopies(selectors, label)));
  }

  @Test
  void equalBitsAreAskedOfMachinesOfOneProfileAlone() {
    assertThatThrownBy(() -> job(quorum(null), 0))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.field()).isEqualTo("tasks[0].arguments");
              assertThat(refused.detail()).contains("profile").contains("tolerance");
            });
    assertThat(job(quorum(null), 0, PROFILE).tasks()).hasSize(1);
  }

  @Test
  void aToleranceOrOneAnswerNeedsNoProfile() {
    assertThat(job(quorum(Tolerance.ulps(4)), 0).tasks()).hasSize(1);
    assertThat(job(new Policy.Verification(Policy.Method.TRUSTED, null), 0).tasks()).hasSize(1);
  }

  @Test
  void whatIsNoProfileIsRefused() {
    assertThatThrownBy(() -> job(quorum(null), 0, "Any Machine"))
        .hasMessageContaining("tasks[0].arguments");
    assertThatThrownBy(() -> job(quorum(null), 0, PROFILE, PROFILE))
        .hasMessageContaining("tasks[0].arguments");
  }

  @Test
  void oneLabelIsLeftForTheRuntime() {
    assertThat(job(quorum(null), 15, PROFILE).policy().labels()).hasSize(15);
    assertThatThrownBy(() -> job(quorum(null), 16, PROFILE)).hasMessageContaining("selector");
  }

  @Test
  void aJobFileSaysIt() {
    JobSpec job = job(quorum(null), 0, PROFILE);

    assertThat(Json.read(Json.write(job), JobSpec.class)).isEqualTo(job);
    assertThat(Json.tree(job).at("/workload/kind").asText()).isEqualTo("onnx");
  }
}
