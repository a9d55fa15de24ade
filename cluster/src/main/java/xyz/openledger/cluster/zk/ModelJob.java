package xyz.openledger.cluster.zk;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.client.BlobClient;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.zk.ModelEvidence;
import xyz.openledger.verification.zk.ModelProgram;
import xyz.openledger.verification.zk.ModelTask;

/**
 * A job that has the proof of a private model's answer checked, signed for, recorded and anchored.
 *
 * @param program names the model
 * @param input the evidence
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ModelJob(JobSpec spec, byte[] program, byte[] input) {
  private static final long MEMORY_BYTES = 64L << 20;
  private static final long OUTPUT_BYTES = 4_096;

  /** A job about one answer, of which no contract is asked. */
  public static ModelJob of(
      ModelEvidence evidence,
      Map<String, String> labels,
      long priceMaxNanoOpen,
      long deadlineMillis) {
    return of(evidence, labels, priceMaxNanoOpen, deadlineMillis, null);
  }

  /**
   * A job about one answer.
   *
   * @param contract at which the model is registered; the member asks it too
   */
  public static ModelJob of(
      ModelEvidence evidence,
      Map<String, String> labels,
      long priceMaxNanoOpen,
      long deadlineMillis,
      @Nullable Address contract) {
    byte[] program = ModelProgram.of(evidence).write();
    byte[] input = Json.canonical(evidence);
    var spec =
        new JobSpec(
            evidence.job(),
            labels,
            new Workload.PrivateModel(
                Digest.of(program), ModelTask.FUEL, MEMORY_BYTES, OUTPUT_BYTES, contract),
            List.of(new JobSpec.Task(List.of(evidence.job()), Digest.of(input))),
            new Policy(
                null,
                new Policy.Limits(priceMaxNanoOpen, deadlineMillis, List.of(), null, 0),
                new Policy.Verification(Policy.Method.ZK, null),
                null));
    return new ModelJob(spec, program, input);
  }

  /** Stores what the job names. */
  public void upload(BlobClient blobs) {
    blobs.put(program);
    blobs.put(input);
  }

  /** What the task must come to. */
  public ModelTask.Ending expected() {
    return new ModelTask(
            ModelProgram.read(program),
            spec.tasks().getFirst().arguments(),
            ModelTask.FUEL,
            OUTPUT_BYTES)
        .run(input);
  }
}
