package xyz.openledger.cluster.member;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.cluster.blob.Blob;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.models.onnx.OnnxModel;
import xyz.openledger.models.onnx.OnnxReader;
import xyz.openledger.models.onnx.OnnxTask;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.tensors.Tensors;

/**
 * Looks at a job of a model of ONNX before it is taken: its operators, the tensors of each task,
 * and what each takes. The runtime itself is on nodes alone.
 */
final class OnnxGate {
  private static final String FIELD = "workload.model";
  private static final int INPUT_BYTES_MAX = 16 << 20;
  private static final int REMEMBERED_MAX = 256;
  private static final int FUELS_MAX = 65_536;

  private final BlobStore blobs;
  private final Map<Digest, OnnxModel> models = remembered(REMEMBERED_MAX);
  private final Map<Work, Long> fuels = remembered(FUELS_MAX);

  /** What a task does: a model's file and an input. */
  private record Work(Digest model, Digest input) {}

  OnnxGate(BlobStore blobs) {
    this.blobs = blobs;
  }

  private static <K, V> Map<K, V> remembered(int most) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
      }
    };
  }

  /**
   * The code identity of a model, which is the digest of its file.
   *
   * @throws ProblemException if it must not be run, or a task could not finish
   */
  Digest admit(Workload.Onnx workload, List<JobSpec.Task> tasks) {
    OnnxModel model = model(workload.model());
    var fuels = new HashMap<Digest, Long>();
    for (int i = 0; i < tasks.size(); i++) {
      String field = "tasks[" + i + "].input";
      long fuel =
          fuels.computeIfAbsent(
              tasks.get(i).input(), input -> fuel(workload.model(), model, field, input));
      if (fuel > workload.fuelMax()) {
        throw new ProblemException(
            Problem.INVALID_REQUEST,
            "workload.fuelMax",
            "is %d, and task %d takes %d".formatted(workload.fuelMax(), i, fuel));
      }
    }
    return workload.model();
  }

  /** Of an input with a model; what was read of late is not read again. */
  private long fuel(Digest file, OnnxModel model, String field, Digest input) {
    var work = new Work(file, input);
    synchronized (fuels) {
      Long known = fuels.get(work);
      if (known != null) {
        return known;
      }
    }
    long fuel = read(model, field, input);
    synchronized (fuels) {
      fuels.put(work, fuel);
    }
    return fuel;
  }

  private long read(OnnxModel model, String field, Digest input) {
    limit(field, input, INPUT_BYTES_MAX);
    byte[] bytes = blobs.read(input).orElseThrow(() -> Gatekeeper.unknown(field, input));
    try {
      return OnnxTask.of(model, Tensors.read(bytes)).fuel();
    } catch (ProblemException refused) {
      throw new ProblemException(
          Problem.INVALID_REQUEST,
          field,
          "%s %s".formatted(refused.field(), refused.detail()).strip());
    }
  }

  private OnnxModel model(Digest digest) {
    synchronized (models) {
      OnnxModel known = models.get(digest);
      if (known != null) {
        return known;
      }
    }
    limit(FIELD, digest, OnnxReader.FILE_BYTES_MAX);
    byte[] bytes = blobs.read(digest).orElseThrow(() -> Gatekeeper.unknown(FIELD, digest));
    if (!OnnxReader.begins(bytes)) {
      throw new ProblemException(
          Problem.INVALID_MODULE, FIELD, "does not begin with its version, as files of ONNX do");
    }
    try {
      OnnxModel read = OnnxReader.read(bytes);
      synchronized (models) {
        models.put(digest, read);
      }
      return read;
    } catch (ProblemException refused) {
      throw new ProblemException(
          Problem.INVALID_MODULE,
          FIELD,
          "%s %s".formatted(refused.field(), refused.detail()).strip());
    }
  }

  private void limit(String field, Digest digest, long bytesMax) {
    long bytes =
        blobs.find(digest).map(Blob::bytes).orElseThrow(() -> Gatekeeper.unknown(field, digest));
    if (bytes > bytesMax) {
      throw new ProblemException(
          Problem.TOO_LARGE, field, "has %d bytes; it may have %d".formatted(bytes, bytesMax));
    }
  }
}
