package xyz.openledger.pools.governance;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;

/** Jobs that rules are asked about. */
final class Specs {
  static final Digest MODULE = Digest.of("module".getBytes(StandardCharsets.UTF_8));

  private Specs() {}

  static JobSpec of(Map<String, String> labels, List<String> regions, int agreement) {
    return of(labels, new Policy.Limits(1_000, 60_000, regions, null, 0), agreement);
  }

  static JobSpec of(Map<String, String> labels, Policy.Limits limits, int agreement) {
    return new JobSpec(
        "",
        labels,
        new Workload.Wasm(MODULE, 1_000, 65_536, 0),
        List.of(new JobSpec.Task(List.of(), MODULE)),
        new Policy(
            null,
            limits,
            new Policy.Verification(
                agreement == 1 ? Policy.Method.TRUSTED : Policy.Method.QUORUM,
                new Policy.Parameters(agreement, 7)),
            null));
  }
}
