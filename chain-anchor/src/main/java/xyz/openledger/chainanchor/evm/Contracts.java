package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import xyz.openledger.protocol.Address;

/**
 * Where our contracts are on a chain.
 *
 * @param chainId of the chain
 * @param fromBlock nothing of ours is before it
 * @param origin the receipt log that the anchor contract was made for
 */
public record Contracts(
    long chainId,
    long fromBlock,
    String origin,
    Address authority,
    Address token,
    Address registry,
    Address anchorLog,
    Address escrow,
    Address distributor) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The addresses by the contracts' names. */
  public Map<String, Address> byName() {
    Map<String, Address> names = new LinkedHashMap<>();
    names.put("AccessManager", authority);
    names.put("OpenToken", token);
    names.put("NodeRegistry", registry);
    names.put("AnchorLog", anchorLog);
    names.put("Escrow", escrow);
    names.put("RewardDistributor", distributor);
    return names;
  }

  /**
   * The creation code of the contract with that name, {@code 0x…}, as committed beside this class.
   */
  static String bytecode(String name) {
    try (var artifact = Contracts.class.getResourceAsStream("/contracts/" + name + ".json")) {
      if (artifact == null) {
        throw new IllegalStateException("contracts/" + name + ".json is not on the class path");
      }
      return MAPPER.readTree(artifact).get("bytecode").asText();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
