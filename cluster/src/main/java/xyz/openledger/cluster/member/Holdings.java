package xyz.openledger.cluster.member;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import xyz.openledger.chainanchor.accounts.EarningsStatement;
import xyz.openledger.protocol.api.EarningsStatement.Held;
import xyz.openledger.protocol.api.EarningsStatement.Standing;

/** Why earnings have not reached their owner yet, and what releases them. */
final class Holdings {
  private Holdings() {}

  /** The parts of a statement that are on their way, and the one that never comes. */
  static List<Held> of(EarningsStatement statement, Duration payoutInterval) {
    var held = new ArrayList<Held>();
    if (statement.earnedNanoOpen() > 0) {
      held.add(
          new Held(
              Standing.EARNED,
              statement.earnedNanoOpen(),
              "it is in no payout epoch yet",
              "the close of the next payout epoch, once the one before is final",
              payoutInterval.toMillis()));
    }
    if (statement.publishingNanoOpen() > 0) {
      held.add(
          new Held(
              Standing.PUBLISHING,
              statement.publishingNanoOpen(),
              "its payout epoch is on its way to the chain",
              "a final block with the epoch's funding and root",
              null));
    }
    if (statement.claimableNanoOpen() > 0) {
      held.add(
          new Held(
              Standing.CLAIMABLE,
              statement.claimableNanoOpen(),
              "nobody has brought the claim to the chain",
              "openledger earnings claim " + statement.payee(),
              0L));
    }
    if (statement.withheldNanoOpen() > 0) {
      held.add(
          new Held(
              Standing.WITHHELD,
              statement.withheldNanoOpen(),
              "the outcome was not the one that was accepted",
              "nothing: it stays with the requester",
              null));
    }
    return held;
  }
}
