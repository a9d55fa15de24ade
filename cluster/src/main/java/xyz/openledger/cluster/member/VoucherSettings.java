package xyz.openledger.cluster.member;

import com.typesafe.config.Config;
import java.time.Duration;
import xyz.openledger.chainanchor.vouchers.VoucherRules;
import xyz.openledger.protocol.voucher.EscrowDomain;

/**
 * How far work may be ahead of vouchers, and how often they are brought to the chain.
 *
 * @param marginSeconds how long before its end nothing more is worked for a key
 */
record VoucherSettings(long intervalNanoOpen, long marginSeconds, Duration settleInterval) {
  private static final long NANO_OPEN = 1_000_000_000;

  VoucherSettings {
    if (intervalNanoOpen < 1 || marginSeconds < 0 || !settleInterval.isPositive()) {
      throw new IllegalArgumentException(
          "openledger.vouchers: interval-open and settle-interval must be positive");
    }
  }

  /** What is set for a chain of this kind. */
  static VoucherSettings from(Config root, boolean developmentChain) {
    var config = root.getConfig("openledger.vouchers");
    String suffix = developmentChain ? "-on-development-chain" : "";
    return new VoucherSettings(
        Math.round(config.getDouble("interval-open") * NANO_OPEN),
        config.getDuration("margin").toSeconds(),
        config.getDuration("settle-interval" + suffix));
  }

  VoucherRules rules(EscrowDomain domain) {
    return new VoucherRules(domain, intervalNanoOpen, marginSeconds);
  }
}
