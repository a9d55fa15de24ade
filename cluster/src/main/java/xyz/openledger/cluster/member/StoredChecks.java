package xyz.openledger.cluster.member;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import xyz.openledger.actors.job.ProductChecks;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.verification.freivalds.TraceCheck;
import xyz.openledger.verification.matmul.NetworkBytes;
import xyz.openledger.verification.matmul.NetworkTask;

/**
 * Checks products from the blobs of this member, one after the other on a thread of its own: a
 * check needs as much memory as its task. Beyond {@value #WAITING_MAX} that wait, it answers that
 * it is busy.
 */
final class StoredChecks implements ProductChecks, AutoCloseable {
  private static final int WAITING_MAX = 64;

  private final BlobStore blobs;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          Thread.ofPlatform().name("product-checks").daemon().factory());

  StoredChecks(BlobStore blobs) {
    this.blobs = blobs;
  }

  @Override
  public CompletionStage<Receipt.ProductCheck> check(Question question) {
    try {
      return CompletableFuture.supplyAsync(() -> now(question), thread);
    } catch (RejectedExecutionException busy) {
      return CompletableFuture.failedFuture(
          new ProblemException(Problem.UNAVAILABLE, "", "too many products wait to be checked"));
    }
  }

  private Receipt.ProductCheck now(Question question) {
    byte[] network = read(question.workload().network());
    byte[] input = read(question.task().input());
    Optional<byte[]> output =
        question.output() != null
            ? Optional.of(question.output())
            : blobs.read(question.outcome().outputDigest());
    var task =
        new NetworkTask(
            NetworkBytes.read(network),
            input,
            !question.task().arguments().isEmpty(),
            question.workload().fuelMax(),
            question.workload().memoryMaxBytes(),
            question.workload().outputMaxBytes());
    return output
        .map(bytes -> finding(TraceCheck.of(question.identity(), task, question.outcome(), bytes)))
        .orElseGet(() -> refuted("its output is not here"));
  }

  private byte[] read(Digest digest) {
    return blobs
        .read(digest)
        .orElseThrow(
            () -> new ProblemException(Problem.UNAVAILABLE, "", digest + " is not stored here"));
  }

  /** A finding as a receipt holds it. */
  static Receipt.ProductCheck finding(TraceCheck.Found found) {
    return switch (found) {
      case TraceCheck.Found.Holds(int products) ->
          new Receipt.ProductCheck(true, products, TraceCheck.ERROR_LOG2, "");
      case TraceCheck.Found.Refuted(String reason) -> refuted(reason);
    };
  }

  private static Receipt.ProductCheck refuted(String reason) {
    return new Receipt.ProductCheck(false, 0, TraceCheck.ERROR_LOG2, reason);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
