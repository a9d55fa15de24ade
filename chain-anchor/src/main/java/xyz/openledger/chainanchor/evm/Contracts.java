package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;

/**
 * Where our contracts are on a chain.
 *
 * @param chainId of the chain
 * @param fromBlock nothing of ours is before it
 * @param origin the receipt log that the anchor contract was made for
 * @param token OPEN: of its own, or what wraps the chain's coin
 * @param coin true where OPEN is the chain's own coin, and the escrow takes it; absent elsewhere
 * @param governance absent in a file of the time when members deployed none
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
    Address distributor,
    @Nullable Boolean coin,
    @Nullable GovernanceContracts governance) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Contracts over a token, without those of governance. */
  public Contracts(
      long chainId,
      long fromBlock,
      String origin,
      Address authority,
      Address token,
      Address registry,
      Address anchorLog,
      Address escrow,
      Address distributor) {
    this(
        chainId,
        fromBlock,
        origin,
        authority,
        token,
        registry,
        anchorLog,
        escrow,
        distributor,
        null,
        null);
  }

  /** Whether OPEN is the chain's own coin. */
  public boolean takesCoin() {
    return Boolean.TRUE.equals(coin);
  }

  /** The same with those of governance. */
  Contracts with(@Nullable GovernanceContracts made) {
    return new Contracts(
        chainId,
        fromBlock,
        origin,
        authority,
        token,
        registry,
        anchorLog,
        escrow,
        distributor,
        coin,
        made);
  }

  /** The addresses by the contracts' names. */
  public Map<String, Address> byName() {
    Map<String, Address> names = new LinkedHashMap<>();
    names.put("AccessManager", authority);
    names.put(takesCoin() ? "WrappedOpen" : "OpenToken", token);
    names.put("NodeRegistry", registry);
    names.put("AnchorLog", anchorLog);
    names.put(takesCoin() ? "CoinEscrow" : "Escrow", escrow);
    names.put("RewardDistributor", distributor);
    if (governance != null) {
      names.putAll(governance.byName());
    }
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
