package xyz.openledger.verification;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.verification.zk.ModelEvidence;
import xyz.openledger.verification.zk.ModelKeys;
import xyz.openledger.verification.zk.ModelProgram;
import xyz.openledger.verification.zk.ModelTask;

/** What a member finds on an answer of a private model, in the words of a receipt. */
public final class ModelFindings {
  /** Under development keys anybody can forge: the bound on the error is 1. */
  public static final int ERROR_LOG2 = 0;

  /** What every receipt says that rests on these keys. */
  public static final String INSECURE = "development ceremony: INSECURE, anybody can forge";

  private static final int PROOFS = 2;

  private ModelFindings() {}

  /** Does the task again, which is to check the proofs. */
  public static ProductCheck of(ModelTask task, byte[] input, Outcome said) {
    ModelTask.Ending ending = task.run(input);
    if (!ending.outcome().equals(said)) {
      return new ProductCheck(
          false, 0, ERROR_LOG2, "the proofs come to another outcome: " + word(ending));
    }
    return ending.exitCode() == 0 && ending.status() == Outcome.Status.FINISHED
        ? new ProductCheck(
            true,
            PROOFS,
            ERROR_LOG2,
            INSECURE,
            null,
            null,
            new String(input, StandardCharsets.UTF_8))
        : new ProductCheck(true, 0, ERROR_LOG2, ending.detail());
  }

  private static String word(ModelTask.Ending ending) {
    return ending.detail().isEmpty() ? "they hold" : ending.detail();
  }

  /**
   * What is wrong with the evidence in a receipt; null if it shows, here and without asking anyone,
   * the outcome that was accepted.
   */
  static @Nullable String fault(ProductCheck check, Outcome accepted) {
    if (check.evidence() == null) {
      return "it carries no proof";
    }
    byte[] evidence = check.evidence().getBytes(StandardCharsets.UTF_8);
    try {
      ModelEvidence read = ModelEvidence.read(evidence);
      var task =
          new ModelTask(
              ModelProgram.of(read),
              java.util.List.of(read.job()),
              Long.MAX_VALUE,
              ModelEvidence.BYTES_MAX);
      ModelTask.Ending ending = task.run(evidence);
      if (ending.exitCode() != 0) {
        return "the proof in it does not hold: " + ending.detail();
      }
      boolean known = read.keys().equals(ModelKeys.development().digest());
      return known && ending.outcome().equals(accepted)
          ? null
          : "the proof in it shows another output than was accepted";
    } catch (ProblemException malformed) {
      return "the proof in it is none";
    }
  }
}
