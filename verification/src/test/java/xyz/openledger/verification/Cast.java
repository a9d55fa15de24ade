package xyz.openledger.verification;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/** The people and things that tests speak of, made from their names. */
final class Cast {
  static final TaskId TASK = new TaskId(JobId.of(new TenantId("requester"), "verification"), 0);

  private Cast() {}

  static Address owner(String name) {
    return Address.of(Arrays.copyOf(digest("owner " + name).bytes(), Address.BYTES));
  }

  static NodeId node(String name) {
    return NodeId.of(digest("node " + name).bytes());
  }

  static ReplicaId replica(int number) {
    return new ReplicaId(TASK, number);
  }

  /** What a run that printed {@code output} came to. */
  static Outcome said(String output) {
    return new Outcome(Outcome.Status.FINISHED, 0, 1_000, digest(output), output.length());
  }

  static Digest digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static Policy.Verification quorum(int agreement, int replicasMax) {
    return new Policy.Verification(
        agreement == 1 ? Policy.Method.TRUSTED : Policy.Method.QUORUM,
        new Policy.Parameters(agreement, replicasMax));
  }
}
