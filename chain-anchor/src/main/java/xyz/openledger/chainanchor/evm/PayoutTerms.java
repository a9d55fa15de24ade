package xyz.openledger.chainanchor.evm;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;

/**
 * How an epoch of payouts is challenged, in contracts that are deployed with these terms.
 *
 * @param challengeSeconds how long an epoch can be challenged before it pays; 0 for not at all
 * @param judge who rejects a wrong one, and hears appeals; null for whoever deploys
 */
public record PayoutTerms(long challengeSeconds, @Nullable Address judge) {
  /** No wait; whoever deploys judges. */
  public static final PayoutTerms NONE = new PayoutTerms(0, null);
}
