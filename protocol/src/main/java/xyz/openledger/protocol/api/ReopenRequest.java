package xyz.openledger.protocol.api;

import xyz.openledger.protocol.Check;

/**
 * Takes a payout epoch back whose root the judge rejected.
 *
 * @param reason why the root was wrong, for whoever reads the journal; 1 to 500 characters
 */
public record ReopenRequest(String reason) {
  /** The longest reason, in characters. */
  public static final int REASON_MAX = 500;

  /** Checks the length. */
  public ReopenRequest {
    Check.text("reason", reason, REASON_MAX);
  }
}
