package xyz.openledger.cluster.member;

import com.typesafe.config.Config;
import xyz.openledger.chainanchor.evm.Currency;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;

/** What OPEN is on the chain: a token, or the chain's own coin. */
final class CurrencySettings {
  private CurrencySettings() {}

  /** What is set for a chain of this kind. */
  static Currency from(Config root, boolean developmentChain) {
    var config = root.getConfig("openledger.chain");
    boolean isCoin =
        config.getBoolean(developmentChain ? "coin-is-open-on-development-chain" : "coin-is-open");
    String wrapped = config.getString("wrapped-coin");
    if (!wrapped.isEmpty() && (developmentChain || !isCoin)) {
      throw Check.refusal(
          "openledger.chain.wrapped-coin",
          "names what wraps the coin of a chain whose coin is OPEN; set coin-is-open = true beside"
              + " it, or leave it out");
    }
    return new Currency(isCoin, wrapped.isEmpty() ? null : Address.parse(wrapped));
  }
}
