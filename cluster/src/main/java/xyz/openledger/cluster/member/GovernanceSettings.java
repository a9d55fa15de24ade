package xyz.openledger.cluster.member;

import com.typesafe.config.Config;
import xyz.openledger.chainanchor.evm.GovernanceTerms;

/** By which terms a governor decides that this member deploys. */
final class GovernanceSettings {
  private static final long NANO_OPEN = 1_000_000_000;

  private GovernanceSettings() {}

  /** What is set for a chain of this kind. */
  static GovernanceTerms from(Config root, boolean developmentChain) {
    var config = root.getConfig("openledger.governance");
    String suffix = developmentChain ? "-on-development-chain" : "";
    return new GovernanceTerms(
        config.getDuration("voting-delay" + suffix).toSeconds(),
        config.getDuration("voting-period" + suffix).toSeconds(),
        Math.multiplyExact(config.getLong("proposal-threshold"), NANO_OPEN),
        config.getInt("quorum-percent"),
        config.getDuration("timelock" + suffix).toSeconds(),
        config.getDuration("notice" + suffix).toSeconds());
  }
}
