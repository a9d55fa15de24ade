package xyz.openledger.cluster.member;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.blob.Blob;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.zk.ModelEvidence;
import xyz.openledger.verification.zk.ModelKeys;
import xyz.openledger.verification.zk.ModelProgram;
import xyz.openledger.verification.zk.ModelTask;

/** Looks at a job about a private model before it is taken. */
final class ModelGate {
  private static final String FIELD = "workload.model";
  private static final int BYTES_MAX = 1_024;

  private final BlobStore blobs;
  private final @Nullable ModelCourt contracts;

  /** A gate; {@code contracts} null where there is no chain to ask. */
  ModelGate(BlobStore blobs, @Nullable ModelCourt contracts) {
    this.blobs = blobs;
    this.contracts = contracts;
  }

  /**
   * The code identity of a private model, which is the digest of what names it.
   *
   * @throws ProblemException if it is none, its keys are not known here, or no task could finish
   */
  Digest admit(Workload.PrivateModel workload, List<JobSpec.Task> tasks) {
    Digest digest = workload.model();
    long size =
        blobs.find(digest).map(Blob::bytes).orElseThrow(() -> Gatekeeper.unknown(FIELD, digest));
    if (size > BYTES_MAX) {
      throw new ProblemException(Problem.INVALID_MODULE, FIELD, "is no private model");
    }
    ModelProgram program = program(digest);
    if (!program.keys().equals(ModelKeys.development().digest())) {
      throw new ProblemException(
          Problem.INVALID_MODULE, FIELD, "its keys " + program.keys() + " are not known here");
    }
    if (workload.fuelMax() < ModelTask.FUEL) {
      throw new ProblemException(
          Problem.INVALID_REQUEST,
          "workload.fuelMax",
          "a task takes %d fuel, whatever its proofs come to".formatted(ModelTask.FUEL));
    }
    Address contract = workload.contract();
    if (contract != null) {
      for (JobSpec.Task task : tasks) {
        believed(contract, task.input());
      }
    }
    return digest;
  }

  /** Asked before anything runs, since nobody who runs it could be blamed. */
  private void believed(Address contract, Digest input) {
    if (contracts == null) {
      throw new ProblemException(
          Problem.UNAVAILABLE, "workload.contract", "no chain can be asked here");
    }
    String fault = fault(contracts, contract, input);
    if (fault != null) {
      throw new ProblemException(Problem.INVALID_REQUEST, "workload.contract", fault);
    }
  }

  private @Nullable String fault(ModelCourt asked, Address contract, Digest input) {
    byte[] bytes = blobs.read(input).orElseThrow(() -> Gatekeeper.unknown("tasks", input));
    try {
      return asked.fault(contract, ModelEvidence.read(bytes));
    } catch (ProblemException malformed) {
      if (malformed.problem() == Problem.UNAVAILABLE) {
        throw malformed;
      }
      return "is asked about evidence, and a task's input is none";
    }
  }

  private ModelProgram program(Digest digest) {
    byte[] bytes = blobs.read(digest).orElseThrow(() -> Gatekeeper.unknown(FIELD, digest));
    try {
      return ModelProgram.read(bytes);
    } catch (ProblemException malformed) {
      throw new ProblemException(Problem.INVALID_MODULE, FIELD, malformed.detail());
    }
  }
}
