package xyz.openledger.actors.job;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.tee.AttestationEvidence;

/** Checks the products of a task's outcome, somewhere where it may take milliseconds. */
@FunctionalInterface
public interface ProductChecks {
  /** Of a member that checks none. */
  ProductChecks NONE =
      _ ->
          CompletableFuture.failedFuture(
              new ProblemException(Problem.UNAVAILABLE, "", "this member checks no products"));

  /**
   * What to check.
   *
   * @param output the output, if it is at hand; otherwise it lies in the blob store
   * @param attested what a chip says of it; null if the policy asks for none
   * @param rival who said otherwise and is to be disputed; null to check the outcome by itself
   */
  @SuppressWarnings("ArrayRecordComponent") // passes through and is never compared
  record Question(
      Digest identity,
      Workload workload,
      JobSpec.Task task,
      Outcome outcome,
      byte @Nullable [] output,
      @Nullable Rival rival,
      @Nullable Attested attested) {}

  /**
   * What a chip says of an outcome.
   *
   * @param evidence as the node sent it; empty if it sent none
   */
  record Attested(
      AttestationEvidence.Subject subject, String evidence, Policy.Attestation policy) {}

  /**
   * Another outcome of the same task.
   *
   * @param output the output, if it is at hand; otherwise it lies in the blob store
   */
  @SuppressWarnings("ArrayRecordComponent") // passes through and is never compared
  record Rival(ReplicaId replica, Outcome outcome, byte @Nullable [] output) {}

  /** What is found; fails, with {@code unavailable}, if it cannot be checked just now. */
  CompletionStage<Receipt.ProductCheck> check(Question question);
}
