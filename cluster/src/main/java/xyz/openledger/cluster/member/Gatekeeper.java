package xyz.openledger.cluster.member;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.blob.Naming;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.gate.GateLimits;
import xyz.openledger.verification.gate.GateRefusal;
import xyz.openledger.verification.gate.WasmGate;

/**
 * Looks at a job before it is taken: are its blobs here, and does the gate let its module through?
 */
final class Gatekeeper {
  private static final int REMEMBERED_MAX = 1_024;

  private final BlobStore blobs;
  private final NetworkGate networks;
  private final LanguageModelGate models;
  private final OnnxGate onnxModels;
  private final ModelGate privateModels;
  private final Map<Digest, Digest> codes =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Digest> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  Gatekeeper(BlobStore blobs) {
    this(blobs, null);
  }

  /** A gatekeeper; {@code contracts} null where there is no chain to ask. */
  Gatekeeper(BlobStore blobs, @Nullable ModelCourt contracts) {
    this.privateModels = new ModelGate(blobs, contracts);
    this.blobs = blobs;
    this.networks = new NetworkGate(blobs);
    this.models = new LanguageModelGate(blobs);
    this.onnxModels = new OnnxGate(blobs);
  }

  /**
   * The code identity of the job's module.
   *
   * @throws ProblemException {@code unknown-blob} or {@code invalid-module}, naming the field
   */
  Digest admit(JobSpec spec) {
    for (int i = 0; i < spec.tasks().size(); i++) {
      Digest input = spec.tasks().get(i).input();
      if (!blobs.has(input)) {
        throw unknown("tasks[" + i + "].input", input);
      }
    }
    return switch (spec.workload()) {
      case Workload.Wasm wasm -> code(wasm.module());
      case Workload.Matmul matmul -> networks.admit(matmul, spec.tasks());
      case Workload.Inference inference -> models.admit(inference, spec.tasks());
      case Workload.Finetune finetune -> models.admit(finetune, spec.tasks());
      case Workload.Onnx onnx -> onnxModels.admit(onnx, spec.tasks());
      case Workload.PrivateModel model -> privateModels.admit(model, spec.tasks());
    };
  }

  /** Holds what a job names, until it is known whether it is taken. */
  Naming naming() {
    return blobs.naming();
  }

  /** The code identity of a stored module. */
  Digest code(Digest module) {
    synchronized (codes) {
      Digest known = codes.get(module);
      if (known != null) {
        return known;
      }
    }
    byte[] bytes = blobs.read(module).orElseThrow(() -> unknown("workload.module", module));
    try {
      Digest code = WasmGate.admit(bytes, GateLimits.DEFAULT).code();
      synchronized (codes) {
        codes.put(module, code);
      }
      return code;
    } catch (GateRefusal refusal) {
      throw new ProblemException(
          Problem.INVALID_MODULE,
          "workload.module",
          "%s at byte %d: %s"
              .formatted(refusal.reason(), refusal.byteOffset(), refusal.sentence()));
    }
  }

  static ProblemException unknown(String field, Digest digest) {
    return new ProblemException(
        Problem.UNKNOWN_BLOB,
        field,
        digest + " is not stored here; put it first: PUT /api/v1/blobs/" + digest);
  }
}
