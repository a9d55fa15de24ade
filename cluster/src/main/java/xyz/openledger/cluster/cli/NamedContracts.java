package xyz.openledger.cluster.cli;

import java.util.Map;
import xyz.openledger.chainanchor.evm.Contracts;
import xyz.openledger.chainanchor.evm.GovernanceContracts;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.api.Version;

/** The contracts of a network as its member names them. */
final class NamedContracts {
  private NamedContracts() {}

  /** Those that a member names; refuses a member without a governor. */
  static Contracts of(Version there) {
    Map<String, Address> named = there.contracts();
    if (named == null || !named.containsKey("OpenLedgerGovernor") || there.chainId() == null) {
      throw CommandFailure.failed("this network has no governor", "openledger version");
    }
    return new Contracts(
        there.chainId(),
        0,
        "",
        at(named, "AccessManager"),
        either(named, "OpenToken", "WrappedOpen"),
        at(named, "NodeRegistry"),
        at(named, "AnchorLog"),
        either(named, "Escrow", "CoinEscrow"),
        at(named, "RewardDistributor"),
        named.containsKey("CoinEscrow") ? true : null,
        new GovernanceContracts(
            at(named, "GovOpen"),
            at(named, "TimelockController"),
            at(named, "OpenLedgerGovernor"),
            at(named, "PolicyBoard"),
            at(named, "PoolRegistry"),
            at(named, "DisputeCourt")));
  }

  private static Address either(Map<String, Address> named, String overToken, String overCoin) {
    return at(named, named.containsKey(overCoin) ? overCoin : overToken);
  }

  private static Address at(Map<String, Address> named, String contract) {
    Address address = named.get(contract);
    if (address == null) {
      throw CommandFailure.failed("the member names no " + contract, "openledger version");
    }
    return address;
  }
}
