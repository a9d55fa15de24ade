package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;

class ProfilesTest {
  private static final Digest SOME = Digest.of(new byte[] {1});
  private static final Policy POLICY =
      new Policy(
          null,
          new Policy.Limits(1_000, 1_000, List.of(), null, 0),
          new Policy.Verification(Policy.Method.TRUSTED, null),
          null);

  private static Policy asked(Workload workload, String... arguments) {
    return Profiles.of(POLICY, workload, new JobSpec.Task(List.of(arguments), SOME));
  }

  @Test
  void aModelGoesOnlyWhereTheRuntimeIs() {
    assertThat(asked(new Workload.Onnx(SOME, 1, 65_536, 0)).labels())
        .containsExactly(
            new Policy.LabelRequirement("openledger.onnx", Policy.Operator.EXISTS, null));
  }

  @Test
  void aTaskThatNamesAProfileGoesToNodesOfItAlone() {
    assertThat(asked(new Workload.Onnx(SOME, 1, 65_536, 0), "ort1-a").labels())
        .containsExactly(
            new Policy.LabelRequirement("openledger.onnx", Policy.Operator.IN, List.of("ort1-a")));
  }

  @Test
  void otherWorkAsksForNothingMore() {
    assertThat(asked(new Workload.Wasm(SOME, 1, 65_536, 0), "ort1-a")).isSameAs(POLICY);
  }
}
