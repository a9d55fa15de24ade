package xyz.openledger.cluster.member;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How often chain and books are compared, and how often earnings are gathered into payout epochs.
 */
record SettlementSettings(Duration interval, Duration payoutInterval) {
  SettlementSettings {
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
            developmentChain ? "payout-interval-on-development-chain" : "payout-interval"));
  }
}
