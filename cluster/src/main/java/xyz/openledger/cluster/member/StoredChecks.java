package xyz.openledger.cluster.member;

import java.time.Clock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.ProductChecks;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.AttestationFindings;
import xyz.openledger.verification.ModelFindings;
import xyz.openledger.verification.ProductFindings;
import xyz.openledger.verification.dispute.Claim;
import xyz.openledger.verification.matmul.NetworkBytes;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Shows;
import xyz.openledger.verification.zk.ModelEvidence;
import xyz.openledger.verification.zk.ModelProgram;
import xyz.openledger.verification.zk.ModelTask;

/**
 * Checks products from the blobs of this member, one after the other on a thread of its own: a
 * check needs as much memory as its task. Beyond {@value #WAITING_MAX} that wait, it answers that
 * it is busy.
 */
final class StoredChecks implements ProductChecks, AutoCloseable {
  private static final int WAITING_MAX = 64;

  private final BlobStore blobs;
  private final Clock clock;
  private final ModelCourt contracts;
  private final RecomputedAnswers answers;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          Thread.ofPlatform().name("product-checks").daemon().factory());

  StoredChecks(BlobStore blobs, Clock clock, ModelCourt contracts) {
    this.contracts = contracts;
    this.blobs = blobs;
    this.clock = clock;
    this.answers = new RecomputedAnswers(blobs);
  }

  @Override
  public CompletionStage<Receipt.ProductCheck> check(Question question) {
    if (question.attested() == null && question.workload() instanceof Workload.Inference model) {
      return answers.check(question, model);
    }
    try {
      return CompletableFuture.supplyAsync(() -> now(question), thread);
    } catch (RejectedExecutionException busy) {
      return CompletableFuture.failedFuture(
          new ProblemException(Problem.UNAVAILABLE, "", "too many products wait to be checked"));
    }
  }

  private Receipt.ProductCheck now(Question question) {
    Attested attested = question.attested();
    if (attested != null) {
      return AttestationFindings.of(
          attested.subject(), attested.evidence(), attested.policy(), clock.instant());
    }
    return switch (question.workload()) {
      case Workload.Matmul matmul -> products(question, matmul);
      case Workload.PrivateModel model -> proofs(question, model);
      case Workload.Wasm _, Workload.Inference _, Workload.Finetune _, Workload.Onnx _ ->
          throw new IllegalArgumentException("of a module there is nothing to check");
    };
  }

  private Receipt.ProductCheck proofs(Question question, Workload.PrivateModel workload) {
    var task =
        new ModelTask(
            ModelProgram.read(read(workload.model())),
            question.task().arguments(),
            workload.fuelMax(),
            workload.outputMaxBytes());
    byte[] input = read(question.task().input());
    Receipt.ProductCheck found = ModelFindings.of(task, input, question.outcome());
    Address contract = workload.contract();
    return contract == null || !found.holds() || found.evidence() == null
        ? found
        : contracts.asked(contract, ModelEvidence.read(input), found);
  }

  private Receipt.ProductCheck products(Question question, Workload.Matmul workload) {
    Shows shows = Shows.of(question.task().arguments());
    var task =
        new NetworkTask(
            NetworkBytes.read(read(workload.network())),
            read(question.task().input()),
            shows,
            workload.fuelMax(),
            workload.memoryMaxBytes(),
            workload.outputMaxBytes());
    byte[] output = output(question.outcome(), question.output());
    Rival rival = question.rival();
    if (rival != null) {
      return ProductFindings.dispute(
          question.identity(),
          task,
          new Claim(question.outcome(), output),
          rival.replica(),
          new Claim(rival.outcome(), output(rival.outcome(), rival.output())));
    }
    if (output == null) {
      // The node may have brought it to another member: that is not its fault.
      throw notHere(question.outcome().outputDigest());
    }
    return ProductFindings.of(question.identity(), task, question.outcome(), output);
  }

  private byte @Nullable [] output(Outcome outcome, byte @Nullable [] atHand) {
    return atHand != null ? atHand : blobs.read(outcome.outputDigest()).orElse(null);
  }

  private byte[] read(Digest digest) {
    return blobs.read(digest).orElseThrow(() -> notHere(digest));
  }

  private static ProblemException notHere(Digest digest) {
    return new ProblemException(Problem.UNAVAILABLE, "", digest + " is not stored here");
  }

  @Override
  public void close() {
    answers.close();
    thread.shutdownNow();
  }
}
