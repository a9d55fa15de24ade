package xyz.openledger.cluster.member;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.accounts.EarningsStatement;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.api.EarningsStatement.Held;
import xyz.openledger.protocol.api.EarningsStatement.Line;
import xyz.openledger.protocol.api.EarningsStatement.Standing;

/**
 * Why earnings have not reached their owner yet, and what releases them.
 *
 * @param payee the owner's address
 * @param settlement between which times payout epochs are closed, and how long each can be
 *     challenged
 */
record Holdings(String payee, SettlementSettings settlement) {

  /** Why, by what, and within how long; the last is null where nobody can say, or never. */
  private record Release(String why, String by, @Nullable Long withinMillis) {}

  /** The parts of a statement that are on their way, and the one that never comes. */
  List<Held> of(EarningsStatement statement) {
    var held = new ArrayList<Held>();
    add(held, Standing.EARNED, statement.earnedNanoOpen());
    add(held, Standing.PUBLISHING, statement.publishingNanoOpen());
    add(held, Standing.CLAIMABLE, statement.claimableNanoOpen());
    add(held, Standing.WITHHELD, statement.withheldNanoOpen());
    return held;
  }

  private void add(List<Held> held, Standing standing, long amountNanoOpen) {
    Release release = release(standing);
    if (amountNanoOpen > 0 && release != null) {
      held.add(new Held(standing, amountNanoOpen, release.why, release.by, release.withinMillis));
    }
  }

  /** A row of the statement, as it is shown. */
  Line line(EarningsStatement.Line line) {
    Standing standing = Standing.valueOf(line.standing().name());
    Release release = release(standing);
    return new Line(
        JobId.parse(line.jobId()),
        line.replicaId(),
        line.netNanoOpen(),
        line.feeNanoOpen(),
        standing,
        line.epoch(),
        line.reason(),
        release == null ? null : release.why,
        release == null ? null : release.by,
        release == null ? null : release.withinMillis);
  }

  private @Nullable Release release(Standing standing) {
    return switch (standing) {
      case EARNED ->
          new Release(
              "it is in no payout epoch yet",
              "the close of the next payout epoch, once the one before pays",
              settlement.payoutInterval().plus(settlement.challengeWindow()).toMillis());
      case PUBLISHING ->
          new Release(
              "its payout epoch is on its way to the chain, or can still be challenged",
              "a final block with the epoch's funding and root, at the end of its time of"
                  + " challenge",
              null);
      case CLAIMABLE ->
          new Release(
              "nobody has brought the claim to the chain",
              "openledger earnings claim " + payee,
              0L);
      case WITHHELD ->
          new Release(
              "the outcome was not the one that was accepted",
              "nothing: it stays with the requester",
              null);
      case CLAIMED -> null;
    };
  }
}
