package xyz.openledger.verification;

import xyz.openledger.verification.Reputation.Conduct;
import xyz.openledger.verification.credibility.ContributionWeight;

/**
 * What a node has done in work of one kind, as receipts tell it. A fold: the same receipts give the
 * same record in every pool, and nothing else does; it cannot be bought or brought along.
 *
 * <pre>
 *   confirmed      + 1 if another owner agreed, to 0 at a dissent: everything is to be proven again
 *   contribution   + 1 if another owner agreed, a third less at a dissent
 *   reputation     {@link Reputation}, a day at a time on its way back to neutral
 * </pre>
 *
 * @param atMillis when the last of it happened, or time was last counted
 */
public record TrackRecord(Reputation reputation, long confirmed, long contribution, long atMillis) {
  /** Of a node that nothing is known of. */
  public static final TrackRecord NEW = new TrackRecord(Reputation.NEW, 0, 0, 0);

  private static final long DAY_MILLIS = 86_400_000;

  /**
   * The record after one more replica.
   *
   * @param confirmed whether another owner came to the same
   */
  public TrackRecord after(Conduct conduct, boolean confirmed, long atMillis) {
    TrackRecord now = at(atMillis);
    Reputation next = now.reputation.after(conduct);
    return switch (conduct) {
      case ACCEPTED ->
          confirmed
              ? new TrackRecord(next, now.confirmed + 1, now.contribution + 1, now.atMillis)
              : new TrackRecord(next, now.confirmed, now.contribution, now.atMillis);
      case REJECTED, CHALLENGE_FAILED ->
          new TrackRecord(next, 0, ContributionWeight.afterDissent(now.contribution), now.atMillis);
      case LOST, SLOW, CHALLENGE_PASSED ->
          new TrackRecord(next, now.confirmed, now.contribution, now.atMillis);
    };
  }

  /** The record as whole days have gone by since: what was good fades, what was bad too. */
  public TrackRecord at(long nowMillis) {
    if (atMillis == 0 || nowMillis <= atMillis) {
      return new TrackRecord(reputation, confirmed, contribution, Math.max(atMillis, nowMillis));
    }
    int days = (int) Math.min(Integer.MAX_VALUE, (nowMillis - atMillis) / DAY_MILLIS);
    return new TrackRecord(
        reputation.after(new Reputation.Aged(days)),
        confirmed,
        contribution,
        atMillis + days * DAY_MILLIS);
  }
}
