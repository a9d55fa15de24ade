package xyz.openledger.cluster.member;

import com.typesafe.config.Config;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.evm.PayoutTerms;
import xyz.openledger.chainanchor.outbox.OutboxSettings;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * How often chain and books are compared, and how often earnings are gathered into payout epochs.
 *
 * @param challengeWindow how long an epoch can be challenged before it pays
 * @param judge who rejects a wrong one; null for the key that publishes
 * @param withdrawalMinNanoOpen the least that is withdrawn at a time
 * @param outbox what transactions offer
 */
record SettlementSettings(
    Duration interval,
    Duration payoutInterval,
    Duration challengeWindow,
    @Nullable Address judge,
    long withdrawalMinNanoOpen,
    OutboxSettings outbox) {
  private static final double WEI_PER_GWEI = 1e9;
  private static final double NANO_PER_OPEN = 1e9;
  private static final Duration CHALLENGE_MAX = Duration.ofDays(30);

  SettlementSettings {
    if (challengeWindow.isNegative() || challengeWindow.compareTo(CHALLENGE_MAX) > 0) {
      throw new IllegalArgumentException(
          "openledger.settlement.challenge-window must be 0 to 30 days, is " + challengeWindow);
    }
    if (!interval.isPositive() || !payoutInterval.isPositive()) {
      throw new IllegalArgumentException(
          "openledger.settlement: intervals must be positive, are %s and %s"
              .formatted(interval, payoutInterval));
    }
  }

  /** What is set for a chain of this kind. */
  static SettlementSettings from(Config root, boolean developmentChain) {
    var config = root.getConfig("openledger.settlement");
    return new SettlementSettings(
        config.getDuration("interval"),
        config.getDuration(
            developmentChain ? "payout-interval-on-development-chain" : "payout-interval"),
        config.getDuration(
            developmentChain ? "challenge-window-on-development-chain" : "challenge-window"),
        judge(root.getString("openledger.chain.judge")),
        Math.round(
            config.getDouble(
                    developmentChain
                        ? "withdrawal-min-open-on-development-chain"
                        : "withdrawal-min-open")
                * NANO_PER_OPEN),
        outbox(
            root.getDouble("openledger.chain.priority-fee-gwei"),
            root.getDouble("openledger.chain.fee-cap-gwei")));
  }

  private static OutboxSettings outbox(double tipGwei, double capGwei) {
    try {
      return OutboxSettings.DEFAULT.paying(
          Math.round(tipGwei * WEI_PER_GWEI), Math.round(capGwei * WEI_PER_GWEI));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "openledger.chain.priority-fee-gwei must be 1e-9 or more and at most fee-cap-gwei, which is at most 1e9; they are %s and %s"
              .formatted(tipGwei, capGwei),
          wrong);
    }
  }

  private static @Nullable Address judge(String written) {
    if (written.isEmpty()) {
      return null;
    }
    try {
      return Address.parse(written);
    } catch (ProblemException wrong) {
      throw new IllegalArgumentException(
          "openledger.chain.judge must be an address, 0x and 40 hex digits, is " + written, wrong);
    }
  }

  /**
   * Checks that a withdrawal is worth its transaction.
   *
   * @throws ProblemException if it is not
   */
  void checkWithdrawal(long amountNanoOpen) {
    if (amountNanoOpen < withdrawalMinNanoOpen) {
      throw new ProblemException(
          Problem.INVALID_REQUEST,
          "amountNanoOpen",
          "a withdrawal is of %d nano-OPEN or more here, this is of %d; withdraw more at once"
              .formatted(withdrawalMinNanoOpen, amountNanoOpen));
    }
  }

  /** For contracts that are deployed here. */
  PayoutTerms payouts() {
    return new PayoutTerms(challengeWindow.toSeconds(), judge);
  }
}
