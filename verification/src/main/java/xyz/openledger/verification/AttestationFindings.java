package xyz.openledger.verification;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.protocol.Receipt.ReplicaReceipt;
import xyz.openledger.protocol.Receipt.TaskReceipt;
import xyz.openledger.verification.tee.AttestationEvidence;
import xyz.openledger.verification.tee.AttestationVerdict;

/** What a member finds on the evidence of a chip, in the words of a receipt. */
public final class AttestationFindings {
  /** No bound can be reckoned for hardware: an error of 1 is claimed. */
  public static final int ERROR_LOG2 = 0;

  /** What every receipt says that rests on a made-up root. */
  public static final String SIMULATED = "SIMULATED: no hardware stands behind it";

  private AttestationFindings() {}

  /**
   * Judges what came with an outcome.
   *
   * @param text the evidence; empty if nothing came
   */
  public static ProductCheck of(
      AttestationEvidence.Subject subject, String text, Policy.Attestation policy, Instant at) {
    if (text.isEmpty()) {
      return refused("no chip vouches for it: the node sent no evidence");
    }
    try {
      return switch (AttestationEvidence.read(text).judge(subject, policy, at)) {
        case AttestationVerdict.Attested(var platform, var measurement) ->
            held(platform + " runs " + measurement, text);
        case AttestationVerdict.Simulated(var platform, var measurement) ->
            held(SIMULATED + "; " + platform + " runs " + measurement, text);
        case AttestationVerdict.Refused(var check, var reason) ->
            refused("%s: %s".formatted(check, reason));
      };
    } catch (ProblemException malformed) {
      return refused("its evidence cannot be read: " + malformed.getMessage());
    }
  }

  private static ProductCheck held(String detail, String text) {
    return new ProductCheck(true, 0, ERROR_LOG2, detail, null, null, text);
  }

  private static ProductCheck refused(String reason) {
    return new ProductCheck(false, 0, ERROR_LOG2, reason);
  }

  /** What is wrong with the evidence in a receipt, judged here again; null if it shows it. */
  static @Nullable String fault(
      Policy.@Nullable Attestation policy,
      TaskReceipt task,
      ReplicaReceipt replica,
      ProductCheck check,
      long atMillis) {
    Outcome outcome = replica.outcome();
    String text = check.evidence();
    if (policy == null || outcome == null || text == null) {
      return "it carries no evidence of a chip";
    }
    var subject =
        AttestationEvidence.Subject.of(
            replica.replica(), replica.node(), replica.fence(), task.task(), outcome);
    ProductCheck again = of(subject, text, policy, Instant.ofEpochMilli(atMillis));
    if (!again.holds()) {
      return "the evidence in it does not hold: " + again.detail();
    }
    return again.detail().equals(check.detail())
        ? null
        : "its evidence says otherwise: " + again.detail();
  }
}
