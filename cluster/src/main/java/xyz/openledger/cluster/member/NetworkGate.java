package xyz.openledger.cluster.member;

import java.util.List;
import xyz.openledger.cluster.blob.Blob;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.matmul.Network;
import xyz.openledger.verification.matmul.NetworkBytes;
import xyz.openledger.verification.matmul.NetworkRefusal;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Shows;

/** Looks at a job of a network before it is taken: what each task takes is known beforehand. */
final class NetworkGate {
  private static final int NETWORK_BYTES_MAX = 64 << 20;

  private final BlobStore blobs;

  NetworkGate(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * The code identity of a network, which is its digest.
   *
   * @throws ProblemException if it is none, or a task could not finish
   */
  Digest admit(Workload.Matmul workload, List<JobSpec.Task> tasks) {
    Network network = network(workload.network());
    for (int i = 0; i < tasks.size(); i++) {
      JobSpec.Task task = tasks.get(i);
      String field = "tasks[" + i + "].input";
      long bytes =
          blobs
              .find(task.input())
              .map(Blob::bytes)
              .orElseThrow(() -> Gatekeeper.unknown(field, task.input()));
      int columns = network.inputColumns();
      int rows = bytes % columns == 0 ? (int) Math.min(bytes / columns, Integer.MAX_VALUE) : 0;
      NetworkTask.Ending ending =
          NetworkTask.ending(
              network,
              rows,
              Shows.of(task.arguments()),
              workload.fuelMax(),
              workload.memoryMaxBytes(),
              workload.outputMaxBytes());
      if (ending.status() != Outcome.Status.FINISHED) {
        throw new ProblemException(Problem.INVALID_REQUEST, field, ending.detail());
      }
    }
    return workload.network();
  }

  private Network network(Digest digest) {
    String field = "workload.network";
    long size =
        blobs.find(digest).map(Blob::bytes).orElseThrow(() -> Gatekeeper.unknown(field, digest));
    if (size > NETWORK_BYTES_MAX) {
      throw new ProblemException(
          Problem.TOO_LARGE, field, "a network has at most %d bytes".formatted(NETWORK_BYTES_MAX));
    }
    byte[] bytes = blobs.read(digest).orElseThrow(() -> Gatekeeper.unknown(field, digest));
    try {
      return NetworkBytes.read(bytes);
    } catch (NetworkRefusal refusal) {
      throw new ProblemException(
          Problem.INVALID_MODULE,
          field,
          "at byte %d: %s".formatted(refusal.byteOffset(), refusal.sentence()));
    }
  }
}
