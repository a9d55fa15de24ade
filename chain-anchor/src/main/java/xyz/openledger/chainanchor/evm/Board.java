package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.util.Optional;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;

/** The contract that keeps which rules are in force. */
public final class Board {
  private static final String RULES_PUBLISHED =
      Words.topic("RulesPublished(uint64,bytes32,uint48,bytes)");

  private final ChainClient chain;
  private final Address address;
  private final long fromBlock;

  /** The board among {@code contracts}. */
  public Board(ChainClient chain, Contracts contracts) {
    GovernanceContracts governance = contracts.governance();
    if (governance == null) {
      throw new IllegalStateException("there is no board of rules on chain " + contracts.chainId());
    }
    this.chain = chain;
    this.address = governance.board();
    this.fromBlock = contracts.fromBlock();
  }

  /**
   * Rules that were published.
   *
   * @param number counts them; 0 is the time before the first
   * @param effectiveAtSeconds from when on they bind, since 1970
   * @param ruleHash SHA-256 of their canonical JSON
   */
  public record Epoch(long number, long effectiveAtSeconds, Digest ruleHash) {}

  /**
   * Which rules bind, and which were published last: the same, unless their notice is running.
   *
   * @param atSeconds the chain's time
   */
  public record Reading(Epoch inForce, Epoch latest, long atSeconds) {}

  /** What was published, and in which transaction. */
  public record Published(byte[] rules, String transaction, long block) {}

  /** What the board says. */
  public Reading read(ChainClient.Tag tag) throws IOException {
    return new Reading(epoch("inForce()", tag), epoch("latest()", tag), chain.seconds(tag));
  }

  /** The document of an epoch as it was published; empty if the node does not know it. */
  public Optional<Published> published(Epoch epoch) throws IOException {
    for (ChainClient.Log log :
        chain.logs(address, RULES_PUBLISHED, fromBlock, chain.head().number())) {
      if (Words.digest(log.topics().get(2), 0).equals(epoch.ruleHash())
          && Words.uint(log.topics().get(1), 0).longValueExact() == epoch.number()) {
        String transaction = log.id().substring(0, log.id().indexOf('/'));
        return Optional.of(
            new Published(AbiData.of(log.data()).bytes(1), transaction, log.block()));
      }
    }
    return Optional.empty();
  }

  private Epoch epoch(String function, ChainClient.Tag tag) throws IOException {
    String answer = chain.call(address, Call.of(function), tag);
    return new Epoch(
        Words.uint(answer, 0).longValueExact(),
        Words.uint(answer, 1).longValueExact(),
        Words.digest(answer, 2));
  }
}
