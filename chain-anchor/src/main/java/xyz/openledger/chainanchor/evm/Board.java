package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.util.Optional;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;

/** The contract that keeps which rules are in force. */
public final class Board {
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
    return new Reading(
        epoch(chain.ask(address, PolicyBoardAbi.inForce(), tag)),
        epoch(chain.ask(address, PolicyBoardAbi.latest(), tag)),
        chain.seconds(tag));
  }

  /** The document of an epoch as it was published; empty if the node does not know it. */
  public Optional<Published> published(Epoch epoch) throws IOException {
    for (ChainClient.Log log :
        chain.logs(
            address, PolicyBoardAbi.RulesPublished.TOPIC, fromBlock, chain.head().number())) {
      var published = PolicyBoardAbi.RulesPublished.of(log);
      if (published.ruleHash().equals(epoch.ruleHash()) && published.number() == epoch.number()) {
        return Optional.of(new Published(published.rules(), log.transaction(), log.block()));
      }
    }
    return Optional.empty();
  }

  private static Epoch epoch(PolicyBoardAbi.Epoch read) {
    return new Epoch(read.number(), read.effectiveAt(), read.ruleHash());
  }
}
