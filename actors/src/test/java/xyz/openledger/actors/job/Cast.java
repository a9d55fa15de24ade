package xyz.openledger.actors.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.Workload;

/** The jobs, nodes and words that tests speak of, made from their names. */
public final class Cast {
  public static final TenantId ADA = new TenantId("ada");
  public static final JobId JOB = JobId.of(ADA, "one");
  public static final PoolId POOL = PoolId.of("ada", "attic");
  public static final Digest CODE = digest("gated module");

  public static final long FUEL_MAX = 1_000_000_000;
  public static final long OUTPUT_MAX = 4_096;
  public static final long LEASE_MILLIS = 15_000;
  public static final long DEADLINE_MILLIS = 600_000;

  private Cast() {}

  public static Digest digest(String text) {
    return Digest.of(text.getBytes(UTF_8));
  }

  public static NodeId node(String name) {
    return NodeId.of(digest("node " + name).bytes());
  }

  public static Address owner(String name) {
    return Address.of(Arrays.copyOf(digest("owner " + name).bytes(), Address.BYTES));
  }

  public static ReplicaId replica(int task, int number) {
    return new ReplicaId(new TaskId(JOB, task), number);
  }

  /** One answer is enough, or {@code agreement} equal ones of at most {@code replicasMax}. */
  public static Policy.Verification verification(int agreement, int replicasMax) {
    return new Policy.Verification(
        agreement == 1 ? Policy.Method.TRUSTED : Policy.Method.QUORUM,
        new Policy.Parameters(agreement, replicasMax));
  }

  public static Policy policy(Policy.Verification verification, long priceMaxNanoOpen) {
    return new Policy(
        null,
        new Policy.Limits(priceMaxNanoOpen, DEADLINE_MILLIS, List.of(), null, 0),
        verification,
        null);
  }

  public static JobSpec spec(Policy policy, int tasks) {
    return new JobSpec(
        "a job",
        Map.of(),
        new Workload.Wasm(digest("module"), FUEL_MAX, 16 * 65_536, OUTPUT_MAX),
        IntStream.range(0, tasks)
            .mapToObj(i -> new JobSpec.Task(List.of(), digest("input " + i)))
            .toList(),
        policy);
  }

  public static JobEvent.Submitted submitted(JobSpec spec) {
    return new JobEvent.Submitted(JOB, ADA, spec, CODE, 1, 0, Receipt.NO_RULES, 0);
  }

  /** A lease for a node of that name, of the owner of that name. */
  public static Grant grant(ReplicaId replica, String name, long fence, long price) {
    return new Grant(
        replica, node(name), owner(name), POOL, fence, price, LEASE_MILLIS, "eu-west", 300);
  }

  /** What a run that printed that comes to. */
  public static Outcome said(String output) {
    return new Outcome(
        Outcome.Status.FINISHED, 0, 500_000_000 + output.length(), digest(output), output.length());
  }

  /** A node's signed word; the signature is checked before a job hears of it. */
  public static JobEvent.Reveal reveal(Job job, Grant grant, Outcome outcome) {
    Digest task = job.tasks().get(grant.replica().task().index()).identity();
    return new JobEvent.Reveal(
        grant.replica(),
        outcome,
        statement(new ResultStatement(grant.replica(), task, outcome.digest(), grant.fence())),
        null);
  }

  /** A batch of one. */
  public static Receipt.SignedStatement statement(ResultStatement said) {
    return new Receipt.SignedStatement(said.leafHash(), 1, 0, List.of(), "00".repeat(65));
  }

  public static JobEvent.Placed placed(long atMillis, Grant... grants) {
    return new JobEvent.Placed(JOB, List.of(grants), List.of("best of all"), atMillis);
  }

  public static JobEvent.Committed committed(long atMillis, ReplicaId... replicas) {
    return new JobEvent.Committed(
        JOB,
        Arrays.stream(replicas)
            .map(replica -> new JobEvent.Commit(replica, digest("commitment of " + replica)))
            .toList(),
        atMillis);
  }

  public static JobEvent.Revealed revealed(long atMillis, JobEvent.Reveal... reveals) {
    return new JobEvent.Revealed(JOB, List.of(reveals), atMillis);
  }

  public static JobEvent.Lost lost(long atMillis, ReplicaId replica, Problem problem) {
    return new JobEvent.Lost(
        JOB, List.of(new JobEvent.Loss(replica, problem, "it went away")), atMillis);
  }

  public static JobEvent.Finished finished(JobEvent.End end, @Nullable Receipt receipt) {
    return new JobEvent.Finished(JOB, end, null, "", receipt, 9);
  }
}
