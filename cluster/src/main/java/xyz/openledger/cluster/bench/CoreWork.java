package xyz.openledger.cluster.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import xyz.openledger.actors.node.Challenge;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;

/** The job of the core row: one task, whose outcome is known before it is asked for. */
final class CoreWork {
  private static final long FUEL = 1_000_000;
  private static final long MEMORY_BYTES = 16L << 20;
  private static final long OUTPUT_BYTES_MAX = 64;
  private static final long PRICE_MAX_NANO_OPEN = 100_000;
  private static final long DEADLINE_MILLIS = 600_000;

  static final byte[] OUTPUT = "a precomputed outcome".getBytes(StandardCharsets.US_ASCII);
  static final Outcome OUTCOME =
      new Outcome(Outcome.Status.FINISHED, 0, FUEL, Digest.of(OUTPUT), OUTPUT.length);
  static final Digest CODE = digest("the gated module");

  private static final Digest MODULE = digest("the module");
  private static final Digest INPUT = digest("the input");

  private CoreWork() {}

  static JobSpec job(int replicas) {
    var verification =
        replicas == 1
            ? new Policy.Verification(Policy.Method.TRUSTED, new Policy.Parameters(1, 1))
            : new Policy.Verification(
                Policy.Method.QUORUM, new Policy.Parameters(replicas, replicas));
    return new JobSpec(
        "bench",
        Map.of(),
        new Workload.Wasm(MODULE, FUEL, MEMORY_BYTES, OUTPUT_BYTES_MAX),
        List.of(new JobSpec.Task(List.of(), INPUT)),
        new Policy(
            null,
            new Policy.Limits(PRICE_MAX_NANO_OPEN, DEADLINE_MILLIS, List.of(), null, 0),
            verification,
            null));
  }

  /** A node of this row answers everything alike, its challenge too. */
  static Challenge challenge() {
    return new Challenge(
        MODULE,
        CODE,
        List.of(),
        INPUT,
        FUEL,
        MEMORY_BYTES,
        OUTPUT_BYTES_MAX,
        OUTCOME.outputDigest());
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.US_ASCII));
  }
}
