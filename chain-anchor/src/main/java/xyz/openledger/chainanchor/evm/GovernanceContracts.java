package xyz.openledger.chainanchor.evm;

import java.util.LinkedHashMap;
import java.util.Map;
import xyz.openledger.protocol.Address;

/**
 * Where the contracts are by which a network decides and judges.
 *
 * @param votes GOPEN: OPEN that votes
 * @param timelock what was voted waits here, and is done by it
 * @param board the rules in force
 */
public record GovernanceContracts(
    Address votes,
    Address timelock,
    Address governor,
    Address board,
    Address pools,
    Address court) {
  /** The addresses by the contracts' names. */
  public Map<String, Address> byName() {
    Map<String, Address> names = new LinkedHashMap<>();
    names.put("GovOpen", votes);
    names.put("TimelockController", timelock);
    names.put("OpenLedgerGovernor", governor);
    names.put("PolicyBoard", board);
    names.put("PoolRegistry", pools);
    names.put("DisputeCourt", court);
    return names;
  }
}
