package xyz.openledger.verification;

/**
 * What a node's past says of it, as a score from 0 to 10,000. A fold over events: the same events
 * give the same score, so it can be rebuilt and carried to another pool.
 *
 * <pre>
 *   starts at          5,000
 *   accepted           + ⌈(10,000 - score) / 64⌉     50 honest replicas: 7,742
 *   challenge passed   + ⌈(10,000 - score) / 16⌉
 *   rejected           halved                        made up for by 26 accepted at 5,000, by 107 at 9,000
 *   challenge failed   quartered
 *   lost               - ⌈score / 32⌉
 *   slow               no effect: slow but honest is not punished
 *   a day without      1/64 of the way back to 5,000, by at least 1
 * </pre>
 *
 * <p>All divisions are of integers. Whoever dissented comes back by honest work or by time; time
 * alone gives no more than a newcomer has, so that a new identity is no shortcut.
 */
public record Reputation(
    int score,
    long accepted,
    long rejected,
    long lost,
    long challengesPassed,
    long challengesFailed) {
  /** The best score. */
  public static final int MAX = 10_000;

  /** Where everyone starts, and where time leads back to. */
  public static final int NEUTRAL = 5_000;

  /** Of a node that nothing is known of. */
  public static final Reputation NEW = new Reputation(NEUTRAL, 0, 0, 0, 0, 0);

  private static final int ACCEPTED_PART = 64;
  private static final int CHALLENGE_PART = 16;
  private static final int LOST_PART = 32;
  private static final int AGED_PART = 64;

  /** Something that bears on a node's reputation. */
  public sealed interface Event {}

  /** What a node did. */
  public enum Conduct implements Event {
    /** Its result agreed with the verdict. */
    ACCEPTED,
    /** Its result dissented from the verdict. */
    REJECTED,
    /** It took a lease and did not deliver. */
    LOST,
    /** It took long, and delivered. */
    SLOW,
    /** It solved a task whose answer we knew. */
    CHALLENGE_PASSED,
    /** It got wrong a task whose answer we knew. */
    CHALLENGE_FAILED
  }

  /** Time that went by, in whole days. */
  public record Aged(int days) implements Event {}

  /** The reputation that a history adds up to. */
  public static Reputation of(Iterable<? extends Event> history) {
    Reputation reputation = NEW;
    for (Event event : history) {
      reputation = reputation.after(event);
    }
    return reputation;
  }

  /** The reputation after one more event. */
  public Reputation after(Event event) {
    return switch (event) {
      case Aged(int days) -> scored(aged(score, days));
      case Conduct conduct -> after(conduct);
    };
  }

  private Reputation after(Conduct conduct) {
    return switch (conduct) {
      case ACCEPTED ->
          new Reputation(
              risen(ACCEPTED_PART),
              accepted + 1,
              rejected,
              lost,
              challengesPassed,
              challengesFailed);
      case REJECTED ->
          new Reputation(
              score / 2, accepted, rejected + 1, lost, challengesPassed, challengesFailed);
      case LOST ->
          new Reputation(
              score - Math.ceilDiv(score, LOST_PART),
              accepted,
              rejected,
              lost + 1,
              challengesPassed,
              challengesFailed);
      case SLOW -> this;
      case CHALLENGE_PASSED ->
          new Reputation(
              risen(CHALLENGE_PART),
              accepted,
              rejected,
              lost,
              challengesPassed + 1,
              challengesFailed);
      case CHALLENGE_FAILED ->
          new Reputation(
              score / 4, accepted, rejected, lost, challengesPassed, challengesFailed + 1);
    };
  }

  private int risen(int part) {
    return score + Math.ceilDiv(MAX - score, part);
  }

  private Reputation scored(int next) {
    return new Reputation(next, accepted, rejected, lost, challengesPassed, challengesFailed);
  }

  /** Ends at neutral after a year at the latest, whatever the number of days. */
  private static int aged(int score, int days) {
    int aged = score;
    for (int day = 0; day < days && aged != NEUTRAL; day++) {
      int gap = NEUTRAL - aged;
      aged += gap > 0 ? Math.ceilDiv(gap, AGED_PART) : Math.floorDiv(gap, AGED_PART);
    }
    return aged;
  }
}
