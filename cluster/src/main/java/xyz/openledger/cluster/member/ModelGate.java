package xyz.openledger.cluster.member;

import xyz.openledger.cluster.blob.Blob;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.zk.ModelKeys;
import xyz.openledger.verification.zk.ModelProgram;
import xyz.openledger.verification.zk.ModelTask;

/** Looks at a job about a private model before it is taken. */
final class ModelGate {
  private static final String FIELD = "workload.model";
  private static final int BYTES_MAX = 1_024;

  private final BlobStore blobs;

  ModelGate(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * The code identity of a private model, which is the digest of what names it.
   *
   * @throws ProblemException if it is none, its keys are not known here, or no task could finish
   */
  Digest admit(Workload.PrivateModel workload) {
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
    return digest;
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
