package xyz.openledger.chainanchor.receipts;

import java.util.List;
import java.util.Optional;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.WitnessKey;

/**
 * What the reader trusts already. At least one of the two.
 *
 * @param logKey the log's key, pinned
 * @param chain a chain, through a node that the reader trusts
 * @param witnesses all of whom must have cosigned the checkpoint
 */
public record TrustedStart(
    Optional<LogKey> logKey, Optional<ChainWitness> chain, List<WitnessKey> witnesses) {
  /** Checks that there is something to start from. */
  public TrustedStart {
    if (logKey.isEmpty() && chain.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing can be verified from nothing: name a chain and its contract, or a log key");
    }
    witnesses = List.copyOf(witnesses);
  }

  /** A start that asks for no witness. */
  public TrustedStart(Optional<LogKey> logKey, Optional<ChainWitness> chain) {
    this(logKey, chain, List.of());
  }

  /** A log key alone: needs no network. */
  public static TrustedStart of(LogKey logKey) {
    return new TrustedStart(Optional.of(logKey), Optional.empty());
  }

  /** A chain alone. */
  public static TrustedStart of(ChainWitness chain) {
    return new TrustedStart(Optional.empty(), Optional.of(chain));
  }
}
