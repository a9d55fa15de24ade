package xyz.openledger.chainanchor.evm;

import java.io.IOException;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Optional;
import xyz.openledger.chainanchor.receipts.LogFork;
import xyz.openledger.protocol.Address;

/** The contract that keeps who runs which pool's receipt log, and what answers for it. */
public final class PoolContract {
  private final ChainClient chain;
  private final Address registry;

  /** That registry. */
  public PoolContract(ChainClient chain, Address registry) {
    this.chain = chain;
    this.registry = registry;
  }

  /**
   * A fork that was proven.
   *
   * @param operator who answered for the log
   * @param lostNanoOpen the pool's bond
   * @param bountyNanoOpen what of it went to who proved it
   */
  public record Proven(
      Address operator, long lostNanoOpen, long bountyNanoOpen, String transaction) {}

  /** Why the contract would take nothing for a fork; empty if it would. Costs nothing. */
  public Optional<String> objection(LogFork fork) throws IOException {
    PoolRegistryAbi.Pool pool = chain.ask(registry, PoolRegistryAbi.pool(fork.pool().bytes()));
    if (pool.status() == 0) {
      return Optional.of("no pool %s was ever opened there".formatted(fork.pool()));
    }
    for (LogFork.Signed signed : new LogFork.Signed[] {fork.first(), fork.second()}) {
      if (!isSigned(fork, signed)) {
        return Optional.of(
            "the log's signer, %s, did not sign the root %s at size %d"
                .formatted(pool.logSigner(), signed.root(), fork.size()));
      }
    }
    return pool.bond().signum() == 0
        ? Optional.of("the fork is proven, and no bond is left: it was taken, or withdrawn, before")
        : Optional.empty();
  }

  private boolean isSigned(LogFork fork, LogFork.Signed signed) throws IOException {
    return chain.ask(
        registry,
        PoolRegistryAbi.verifyCheckpoint(
            fork.pool().bytes(), fork.size(), signed.root(), bytes(signed)));
  }

  /** Brings a fork: the bond is taken at once, there is nothing to appeal. */
  public Proven prove(Wallet accuser, LogFork fork) throws IOException {
    PoolRegistryAbi.Pool pool = chain.ask(registry, PoolRegistryAbi.pool(fork.pool().bytes()));
    BigInteger percent = chain.ask(registry, PoolRegistryAbi.BOUNTY_PERCENT());
    String transaction =
        accuser.transact(
            registry,
            PoolRegistryAbi.proveFork(
                fork.pool().bytes(),
                fork.size(),
                fork.first().root(),
                bytes(fork.first()),
                fork.second().root(),
                bytes(fork.second())));
    BigInteger bounty = pool.bond().multiply(percent).divide(BigInteger.valueOf(100));
    return new Proven(
        pool.operator(), Words.nanoOpen(pool.bond()), Words.nanoOpen(bounty), transaction);
  }

  private static byte[] bytes(LogFork.Signed signed) {
    return HexFormat.of().parseHex(signed.signature());
  }
}
