package xyz.openledger.verification;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.protocol.Receipt.ReplicaReceipt;
import xyz.openledger.protocol.Receipt.Standing;

/**
 * Whether a receipt bears out what the checks of its outcomes claim. Proofs that stand in the
 * receipt are verified again; of checks whose files are elsewhere, only that they fit what was
 * decided: {@code openledger receipt recheck} has the rest.
 */
public final class ProductEvidence {
  /** No check of products claims less than this, as a power of two. */
  private static final int ERROR_LOG2_MOST = -30;

  private ProductEvidence() {}

  /** Whether a receipt has such evidence, or would need to have it. */
  public static boolean concerns(Receipt receipt) {
    return !checks(receipt).isEmpty()
        || (receipt.verification().method() != Policy.Method.DISPUTE
            && provesEach(receipt.verification().method())
            && receipt.tasks().stream().anyMatch(task -> task.outcome() != null));
  }

  private static boolean provesEach(Policy.Method method) {
    return switch (method) {
      case FREIVALDS, SUMCHECK, ZK, TEE, TOPLOC -> true;
      case TRUSTED, QUORUM, ADAPTIVE, TRUST, DISPUTE -> false;
    };
  }

  private static List<ProductCheck> checks(Receipt receipt) {
    var checks = new ArrayList<ProductCheck>();
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      for (ReplicaReceipt replica : task.replicas()) {
        if (replica.check() != null) {
          checks.add(replica.check());
        }
      }
    }
    return checks;
  }

  /** What is wrong; empty if the receipt bears out what it claims. */
  public static List<String> faults(Receipt receipt) {
    var faults = new ArrayList<String>();
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      String fault = fault(receipt, task);
      if (fault != null) {
        faults.add("task %d: %s".formatted(task.index(), fault));
      }
    }
    return faults;
  }

  private static @Nullable String fault(Receipt receipt, Receipt.TaskReceipt task) {
    Policy.Method method = receipt.verification().method();
    Outcome outcome = task.outcome();
    boolean proven = false;
    for (ReplicaReceipt replica : task.replicas()) {
      ProductCheck check = replica.check();
      boolean accepted = replica.standing() == Standing.ACCEPTED;
      if (check == null) {
        if (accepted && provesEach(method)) {
          return replica.replica() + " was accepted and not checked";
        }
        continue;
      }
      if (accepted && !check.holds()) {
        return replica.replica() + " was accepted, and its check says that it is wrong";
      }
      if (check.holds() && replica.standing() == Standing.REJECTED) {
        return replica.replica() + " was rejected, and its check says that it is right";
      }
      String fault =
          method == Policy.Method.TEE
              ? attested(receipt, task, replica, check)
              : fault(method, task, replica, check);
      if (fault != null) {
        return replica.replica() + ": " + fault;
      }
      proven |= check.holds() || (check.dispute() != null && check.dispute().rivalHolds());
    }
    return outcome != null && task.agreement() == null && !proven
        ? "nothing shows that what was accepted is right"
        : null;
  }

  private static @Nullable String attested(
      Receipt receipt, Receipt.TaskReceipt task, ReplicaReceipt replica, ProductCheck check) {
    return check.holds()
        ? AttestationFindings.fault(
            receipt.verification().attestation(), task, replica, check, receipt.finishedAtMillis())
        : null;
  }

  private static @Nullable String fault(
      Policy.Method method, Receipt.TaskReceipt task, ReplicaReceipt replica, ProductCheck check) {
    Outcome outcome = task.outcome();
    if (method == Policy.Method.ZK) {
      return check.holds() && outcome != null && outcome.succeeded()
          ? ModelFindings.fault(check, outcome)
          : null;
    }
    if (method == Policy.Method.TOPLOC) {
      return check.holds() && replica.standing() == Standing.ACCEPTED
          ? ActivationFindings.fault(check, outcome)
          : null;
    }
    if (check.errorLog2() > ERROR_LOG2_MOST) {
      return "no check of products claims as little as 2^" + check.errorLog2();
    }
    if (method == Policy.Method.SUMCHECK && check.proofBytes() == null) {
      return "it does not say how long its proofs are";
    }
    Receipt.DisputePlayed dispute = check.dispute();
    if (dispute == null) {
      return null;
    }
    ReplicaReceipt rival =
        task.replicas().stream()
            .filter(it -> it.replica().equals(dispute.rival()))
            .findFirst()
            .orElse(null);
    if (rival == null || rival.outcome() == null || rival.outcome().equals(replica.outcome())) {
      return "it was disputed with nobody who said otherwise";
    }
    if (dispute.rivalHolds() && check.holds()) {
      return "a dispute cannot leave both right";
    }
    if (dispute.rivalHolds() != (rival.standing() == Standing.ACCEPTED)) {
      return rival.replica() + " is not what the dispute with it came to";
    }
    return dispute.rounds() < 0 || dispute.rounds() > dispute.roundsMax()
        ? "a dispute of %d rounds has at most %d".formatted(dispute.rounds(), dispute.roundsMax())
        : null;
  }

  /** What it claims, as a sentence. */
  public static String words(Receipt receipt) {
    List<ProductCheck> checks = checks(receipt);
    String method = receipt.verification().method().name().toLowerCase(Locale.ROOT);
    if (receipt.verification().method() == Policy.Method.ZK) {
      return method + ": the proofs in it hold, checked here; " + ModelFindings.INSECURE;
    }
    if (receipt.verification().method() == Policy.Method.TEE) {
      return method
          + ": the evidence in it holds, judged here; "
          + checks.stream()
              .filter(ProductCheck::holds)
              .map(ProductCheck::detail)
              .findFirst()
              .orElse("none was accepted");
    }
    if (receipt.verification().method() == Policy.Method.TOPLOC) {
      return method
          + ": the activations in it are near, compared here; "
          + ActivationFindings.CLASS;
    }
    long holds = checks.stream().filter(ProductCheck::holds).count();
    int error = checks.stream().mapToInt(ProductCheck::errorLog2).max().orElse(0);
    int proofs =
        checks.stream()
            .mapToInt(it -> it.proofBytes() == null ? 0 : it.proofBytes())
            .max()
            .orElse(0);
    int rounds =
        checks.stream()
            .mapToInt(it -> it.dispute() == null ? 0 : it.dispute().rounds())
            .max()
            .orElse(0);
    long disputes = checks.stream().filter(it -> it.dispute() != null).count();
    return "%s: %d of %d checked outcomes hold%s%s; a wrong one passes with a chance of at most 2^%d%s"
        .formatted(
            method,
            holds,
            checks.size(),
            proofs == 0 ? "" : ", by %d bytes of proof".formatted(proofs),
            disputes == 0
                ? ""
                : ", after %d disputes of %d rounds at most".formatted(disputes, rounds),
            error,
            proofs == 0 ? "" : " for each output tried");
  }
}
