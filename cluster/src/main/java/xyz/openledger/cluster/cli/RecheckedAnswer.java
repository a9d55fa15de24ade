package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.sandbox.Sandbox;
import xyz.openledger.nodes.worker.GivenAnswer;
import xyz.openledger.nodes.worker.ModelServer;
import xyz.openledger.nodes.worker.ModelServerSettings;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.nodes.worker.WorkerModule;
import xyz.openledger.nodes.worker.WorkerTask;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.protocol.TaskIdentity;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.client.ModelFolder;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.inference.ModelManifest;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.ActivationFindings;

/**
 * One task of an inference job, whose answer is computed again from the model's files as a member
 * does, in a sandboxed model server of its own.
 */
final class RecheckedAnswer {
  private static final Duration BUDGET = Duration.ofMinutes(30);
  private static final ModelServerSettings SETTINGS =
      new ModelServerSettings(1, 1, Workload.Inference.RECOMPUTED_BYTES_MAX, 64L << 30, 1);

  /** Where the bytes of a digest stand. */
  private record Piece(Path file, long from, long bytes) {}

  private final JobSpec.Task task;
  private final Workload.Inference workload;
  private final InferenceQuestion question;
  private final Map<Digest, Piece> pieces = new HashMap<>();
  private final Map<Digest, byte[]> manifests = new HashMap<>();

  /**
   * Reads what the task needs.
   *
   * @param question the task's input
   * @param folders of the model, and of the adapter if the task names one
   */
  RecheckedAnswer(
      JobSpec.Task task, Workload.Inference workload, byte[] question, List<Path> folders) {
    this.task = task;
    this.workload = workload;
    this.question = Json.read(question, InferenceQuestion.class);
    Digest adapter = Workload.Inference.adapter(task.arguments());
    for (Path folder : folders) {
      boolean isAdapter = ModelFolder.isAdapter(folder);
      keep(ModelFolder.read(folder, isAdapter ? workload.model() : null));
    }
    require(workload.model(), "the model");
    if (adapter != null) {
      require(adapter, "the adapter");
    }
  }

  /** What the task is, for a receipt to name. */
  Digest identity() {
    return TaskIdentity.of(workload.model(), task, workload);
  }

  private void require(Digest manifest, String what) {
    if (!manifests.containsKey(manifest)) {
      throw CommandFailure.usage(
          "no folder holds %s of the job, %s".formatted(what, manifest), "--model", "");
    }
  }

  private void keep(ModelFolder model) {
    manifests.put(model.manifest().digest(), model.manifest().canonical());
    for (ModelManifest.File file : model.manifest().files()) {
      Path path = model.folder().resolve(file.name());
      pieces.put(file.digest(), new Piece(path, 0, file.bytes()));
      List<Digest> parts = file.parts() == null ? List.of() : file.parts();
      for (int i = 0; i < parts.size(); i++) {
        pieces.put(parts.get(i), new Piece(path, i * ModelManifest.PART_BYTES, file.partBytes(i)));
      }
    }
  }

  /**
   * Computes the answer again and compares.
   *
   * @param outcome as the receipt has it
   * @param inReceipt what the member found, as the receipt has it; absent if it says nothing
   */
  ProductCheck check(Outcome outcome, byte[] output, @Nullable ProductCheck inReceipt) {
    if (outcome.outputBytes() != output.length
        || !outcome.outputDigest().equals(Digest.of(output))) {
      return ActivationFindings.refused("the output has another digest than the receipt's");
    }
    InferenceAnswer answer;
    try {
      answer = InferenceAnswer.read(output);
    } catch (ProblemException malformed) {
      return ActivationFindings.refused("the output is no answer of a model");
    }
    ProductCheck again = computed(new GivenAnswer(question, answer, outcome));
    String foreign =
        inReceipt == null
            ? null
            : ActivationFindings.foreign(inReceipt.evidence(), answer.activations());
    return again.holds() && foreign != null ? ActivationFindings.refused(foreign) : again;
  }

  private ProductCheck computed(GivenAnswer given) {
    var limits =
        new ExecutionLimits(
            workload.fuelMax(), workload.memoryMaxBytes(), workload.outputMaxBytes());
    var asked = new ExecutionRequest(identity(), task.arguments(), new byte[0], limits);
    var module =
        new WorkerModule(
            workload.model(),
            Objects.requireNonNull(manifests.get(workload.model()), "the model was read before"));
    try (var server = ModelServer.open(SETTINGS, Sandbox.strongest())) {
      var run = new WorkerTask(module, given.request(asked), BUDGET, this::place);
      return switch (server.run(run).toCompletableFuture().join()) {
        case TaskResult.Completed(var _, var execution) -> GivenAnswer.found(execution.output());
        case TaskResult.Faulted(var _, var detail) -> throw failed(detail);
        case TaskResult.Refused(var _, var _, var sentence) -> throw failed(sentence);
        case TaskResult.Saved _ -> throw failed("it was stopped");
      };
    }
  }

  private static CommandFailure failed(String why) {
    return CommandFailure.failed("the answer could not be computed again: " + why, "");
  }

  private void place(Digest digest, long bytesMax, Path name) {
    try {
      byte[] manifest = manifests.get(digest);
      if (manifest != null) {
        Files.write(name, manifest);
        return;
      }
      Piece piece = pieces.get(digest);
      if (piece == null || piece.bytes() > bytesMax) {
        throw failed("no folder holds " + digest);
      }
      try (FileChannel file = FileChannel.open(piece.file());
          FileChannel out =
              FileChannel.open(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        long sent = 0;
        while (sent < piece.bytes()) {
          sent += file.transferTo(piece.from() + sent, piece.bytes() - sent, out);
        }
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
