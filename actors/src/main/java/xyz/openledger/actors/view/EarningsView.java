package xyz.openledger.actors.view;

import xyz.openledger.chainanchor.accounts.Earnings;
import xyz.openledger.chainanchor.accounts.EarningsStatement;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;

/**
 * {@link Earnings}, made from the ledger's events at each start and kept in memory; safe for any
 * thread.
 */
public final class EarningsView {
  private final Earnings earnings = new Earnings();

  /** Takes in what happened. */
  public synchronized void apply(LedgerEvent event) {
    earnings.apply(event);
  }

  /** What the models of an owner have earned. */
  public synchronized EarningsStatement ofModels(Address owner) {
    return earnings.statement(Earnings.models(owner.value()));
  }

  /** What a node has earned. */
  public synchronized EarningsStatement statement(NodeId node) {
    return earnings.statement(node.value());
  }
}
