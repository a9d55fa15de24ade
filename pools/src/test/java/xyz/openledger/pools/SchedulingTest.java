package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.Workload;

class SchedulingTest {
  private static final TenantId ADA = TenantId.parse("ada");
  private static final Digest ANY = Digest.of(new byte[] {1});

  @Test
  void takesAJobsOwnFields() {
    var wish = spec(said(7, true), Map.of());

    assertThat(Scheduling.of(ADA, wish, false)).isEqualTo(new Scheduling(ADA, 7, 2, ""));
    assertThat(Scheduling.of(ADA, wish, true).gang()).isFalse();
  }

  @Test
  void takesItsLabelsWhereTheFieldsSayNothing() {
    var labels = Map.of(Scheduling.PRIORITY_LABEL, "9", Scheduling.GANG_LABEL, "true");

    assertThat(Scheduling.of(ADA, spec(null, labels), false))
        .isEqualTo(new Scheduling(ADA, 9, 2, ""));
    assertThat(Scheduling.of(ADA, spec(said(1, false), labels), false))
        .isEqualTo(new Scheduling(ADA, 1, 0, ""));
  }

  private static xyz.openledger.protocol.Scheduling said(int priority, boolean gang) {
    return new xyz.openledger.protocol.Scheduling(priority, gang, null, null, null, null, null);
  }

  private static JobSpec spec(
      xyz.openledger.protocol.@Nullable Scheduling scheduling, Map<String, String> labels) {
    var task = new JobSpec.Task(List.of(), ANY);
    return new JobSpec(
        "",
        labels,
        new Workload.Wasm(ANY, 1_000, 65_536, 10),
        List.of(task, task),
        new Policy(
            null,
            new Policy.Limits(1_000, 60_000, List.of(), null, 0),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null),
        scheduling);
  }
}
