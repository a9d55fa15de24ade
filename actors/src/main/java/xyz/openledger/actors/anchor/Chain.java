package xyz.openledger.actors.anchor;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import xyz.openledger.chainanchor.accounts.LedgerCommand;
import xyz.openledger.chainanchor.outbox.Action;
import xyz.openledger.chainanchor.outbox.Observation;

/** The chain, as the anchorer reaches it. All calls block, and fail while the chain is away. */
public interface Chain {

  /** The blocks since the last call, in order; the first call answers the head alone. */
  List<Observation> poll() throws IOException;

  /** Does what the outbox asks; empty if there is no answer yet. */
  Optional<Observation> carryOut(Action action) throws IOException;

  /**
   * Deposits and claims in final blocks from {@code fromBlock} on.
   *
   * @throws IOException if the chain is away
   */
  Movements movements(long fromBlock) throws IOException;

  /**
   * What moved, and up to where.
   *
   * @param commands deposits and claims, oldest first
   * @param throughBlock the last final block that was looked at; {@code fromBlock - 1} if there is
   *     none yet
   */
  record Movements(List<LedgerCommand> commands, long throughBlock) {}
}
