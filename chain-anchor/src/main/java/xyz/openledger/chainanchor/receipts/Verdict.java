package xyz.openledger.chainanchor.receipts;

import java.util.List;
import java.util.Optional;
import xyz.openledger.chainanchor.receipts.Check.Outcome;

/**
 * What a receipt is worth: the checks in the order in which they were made. The first that fails is
 * the last.
 */
public record Verdict(List<Check> checks) {
  /** Keeps its own copy. */
  public Verdict {
    checks = List.copyOf(checks);
  }

  /** Whether no check failed, and the chain or the log's key vouches for the receipt. */
  public boolean verified() {
    return failure().isEmpty()
        && checks.stream()
            .anyMatch(
                check ->
                    check.outcome() == Outcome.PASSED
                        && (check.name().equals(ReceiptVerifier.SIGNATURE)
                            || check.name().equals(ReceiptVerifier.ANCHOR)));
  }

  /** The first check that failed, if any. */
  public Optional<Check> failure() {
    return checks.stream().filter(check -> check.outcome() == Outcome.FAILED).findFirst();
  }
}
