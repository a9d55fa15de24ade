package xyz.openledger.cluster.member;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.ProductChecks.Question;
import xyz.openledger.cluster.blob.BlobStore;
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
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.ActivationFindings;

/**
 * Computes answers of language models again, by a pass over their tokens, in a sandboxed model
 * server of this member that starts with the first of them. The files of models come from this
 * member's blobs.
 */
final class RecomputedAnswers implements AutoCloseable {
  private static final Duration BUDGET = Duration.ofMinutes(10);
  private static final ModelServerSettings SETTINGS =
      new ModelServerSettings(16, 1, Workload.Inference.RECOMPUTED_BYTES_MAX, 64L << 30, 1);

  private final BlobStore blobs;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("recomputed-answers").daemon().factory());
  private @Nullable ModelServer server;
  private boolean closed;

  RecomputedAnswers(BlobStore blobs) {
    this.blobs = blobs;
  }

  CompletionStage<ProductCheck> check(Question question, Workload.Inference workload) {
    try {
      return CompletableFuture.supplyAsync(() -> asked(question, workload), thread)
          .thenCompose(found -> found);
    } catch (RejectedExecutionException closing) {
      return CompletableFuture.failedFuture(busy("this member closes"));
    }
  }

  private CompletionStage<ProductCheck> asked(Question question, Workload.Inference workload) {
    byte[] output = question.output();
    if (output == null) {
      // The node may have brought it to another member: that is not its fault.
      output = read(question.outcome().outputDigest());
    }
    if (!fits(question.outcome(), output)) {
      return CompletableFuture.completedFuture(
          ActivationFindings.refused("its output is not the one it signed for"));
    }
    InferenceAnswer answer;
    try {
      answer = InferenceAnswer.read(output);
    } catch (ProblemException malformed) {
      return CompletableFuture.completedFuture(
          ActivationFindings.refused("its output is no answer of a model"));
    }
    var given =
        new GivenAnswer(
            Json.read(read(question.task().input()), InferenceQuestion.class),
            answer,
            question.outcome());
    var limits =
        new ExecutionLimits(
            workload.fuelMax(), workload.memoryMaxBytes(), workload.outputMaxBytes());
    var request =
        given.request(
            new ExecutionRequest(
                question.identity(), question.task().arguments(), new byte[0], limits));
    var module = new WorkerModule(workload.model(), read(workload.model()));
    return server()
        .run(new WorkerTask(module, request, BUDGET, this::place))
        .thenApply(RecomputedAnswers::found);
  }

  private static boolean fits(Outcome outcome, byte[] output) {
    return outcome.outputBytes() == output.length
        && outcome.outputDigest().equals(Digest.of(output));
  }

  private static ProductCheck found(TaskResult result) {
    return switch (result) {
      case TaskResult.Completed(var _, var execution) -> GivenAnswer.found(execution.output());
      case TaskResult.Faulted(var _, var detail) -> throw busy(detail);
      case TaskResult.Refused(var _, var _, var sentence) -> throw busy(sentence);
      case TaskResult.Saved _ -> throw busy("it was stopped");
    };
  }

  /** What this member cannot do now says nothing of the node. */
  private static ProblemException busy(String reason) {
    return new ProblemException(Problem.UNAVAILABLE, "", reason);
  }

  /** Not before there is something to check: the probe of sandboxes starts programs. */
  private synchronized ModelServer server() {
    if (closed) {
      throw busy("this member closes");
    }
    if (server == null) {
      server = ModelServer.open(SETTINGS, Sandbox.strongest());
    }
    return server;
  }

  private byte[] read(Digest digest) {
    return blobs.read(digest).orElseThrow(() -> busy(digest + " is not stored here"));
  }

  private void place(Digest digest, long bytesMax, Path name) {
    try (FileChannel blob =
            blobs.open(digest).orElseThrow(() -> busy(digest + " is not stored here"));
        InputStream in = Channels.newInputStream(blob)) {
      if (blob.size() > bytesMax) {
        throw new ProblemException(Problem.TOO_LARGE, "", digest + " is longer than it may be");
      }
      Files.copy(in, name);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    synchronized (this) {
      closed = true;
      if (server != null) {
        server.close();
      }
    }
  }
}
