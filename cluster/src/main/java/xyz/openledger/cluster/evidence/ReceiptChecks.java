package xyz.openledger.cluster.evidence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import xyz.openledger.chainanchor.receipts.Check;
import xyz.openledger.chainanchor.receipts.ReceiptVerifier;
import xyz.openledger.chainanchor.receipts.TrustedStart;
import xyz.openledger.chainanchor.receipts.Verdict;
import xyz.openledger.protocol.AgreementEvidence;
import xyz.openledger.protocol.Division;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.Evidence;
import xyz.openledger.verification.ProductEvidence;

/**
 * All checks of a receipt: that it is the one in the log, then that its amounts add up, and that
 * its evidence bears out the trust that it claims, reckoned again from the numbers in it.
 */
public final class ReceiptChecks {
  /** The evidence bears out what the receipt claims. */
  public static final String EVIDENCE = "evidence";

  /** What was charged is what the replicas are paid, and is divided to the unit. */
  public static final String AMOUNTS = "amounts";

  private ReceiptChecks() {}

  /**
   * Verifies a bundle.
   *
   * @throws IOException if the chain does not answer
   */
  public static Verdict verify(byte[] bundle, TrustedStart start) throws IOException {
    Verdict verdict = ReceiptVerifier.verify(bundle, start);
    if (!verdict.verified()) {
      return verdict;
    }
    var checks = new ArrayList<>(verdict.checks());
    Receipt receipt = Json.read(Json.tree(bundle).path("document"), Receipt.class);
    checks.add(amounts(receipt));
    checks.add(evidence(receipt));
    return new Verdict(checks);
  }

  private static Check amounts(Receipt receipt) {
    List<String> faults = Division.faults(receipt);
    if (!faults.isEmpty()) {
      return new Check(AMOUNTS, Check.Outcome.FAILED, faults.getFirst());
    }
    Division division = receipt.division();
    return new Check(
        AMOUNTS,
        Check.Outcome.PASSED,
        "charged %d nano-OPEN: %s"
            .formatted(
                receipt.chargedNanoOpen(),
                division == null ? "names no division" : division.words()));
  }

  private static Check evidence(Receipt receipt) {
    List<AgreementEvidence> evidence =
        receipt.tasks().stream()
            .map(Receipt.TaskReceipt::agreement)
            .filter(Objects::nonNull)
            .toList();
    List<String> gaps = Evidence.gaps(receipt);
    if (!gaps.isEmpty()) {
      return new Check(EVIDENCE, Check.Outcome.FAILED, gaps.getFirst());
    }
    if (ProductEvidence.concerns(receipt)) {
      List<String> wrong = ProductEvidence.faults(receipt);
      return wrong.isEmpty()
          ? new Check(EVIDENCE, Check.Outcome.PASSED, ProductEvidence.words(receipt))
          : new Check(EVIDENCE, Check.Outcome.FAILED, wrong.getFirst());
    }
    long unverified = Evidence.unverified(receipt);
    if (evidence.isEmpty()) {
      return new Check(
          EVIDENCE,
          Check.Outcome.SKIPPED,
          unverified == 0
              ? "nothing was accepted, so there is none"
              : "NOT VERIFIED: one node's word, which was given before anybody looked at it");
    }
    List<String> faults = Evidence.faults(receipt);
    return faults.isEmpty()
        ? new Check(
            EVIDENCE,
            Check.Outcome.PASSED,
            words(receipt, evidence)
                + (unverified == 0 ? "" : "; %d tasks are not verified".formatted(unverified)))
        : new Check(EVIDENCE, Check.Outcome.FAILED, faults.getFirst());
  }

  private static String words(Receipt receipt, List<AgreementEvidence> evidence) {
    int error =
        evidence.stream().mapToInt(AgreementEvidence::errorPartsPerMillion).max().orElseThrow();
    int owners = evidence.stream().mapToInt(it -> it.spread().owners()).min().orElseThrow();
    int saboteurs =
        evidence.stream().mapToInt(AgreementEvidence::saboteursPartsPerMillion).max().orElseThrow();
    return "%s, %s: %d owners or more agree; wrong with at most %d in a million, if no more than %d %% lie%s"
        .formatted(
            Json.tree(receipt.verification()).path("method").asText(),
            evidence.getFirst().equality(),
            owners,
            error,
            saboteurs / 10_000,
            evidence.stream().allMatch(AgreementEvidence::committedFirst)
                ? ""
                : "; result and commitment came together");
  }
}
