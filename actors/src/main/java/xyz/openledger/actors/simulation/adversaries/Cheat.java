package xyz.openledger.actors.simulation.adversaries;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;

/** What one adversary makes of one task. */
final class Cheat {
  /** The answer of whoever computes. */
  static final Outcome RIGHT = outcome("right");

  /** The answer that liars agree on. */
  static final Outcome LIE = outcome("lie");

  /** A lie that costs nothing, and is delivered as anything else. */
  static final Deed LYING = new Deed(Way.DELIVERS, LIE, 0);

  private static final int SLEEPS = 500;

  private Cheat() {}

  /** What becomes of a replica. */
  enum Way {
    /** Committed to, and shown. */
    DELIVERS,
    /** Committed to, and something else is shown. */
    SHOWS_OTHER,
    /** Committed to, and not shown. */
    WITHHOLDS,
    /** Not even committed to. */
    STALLS
  }

  /**
   * What a machine does.
   *
   * @param outcome what it answers in the end
   * @param costPercent of the honest cost
   */
  record Deed(Way way, Outcome outcome, int costPercent) {
    static final Deed HONEST = new Deed(Way.DELIVERS, RIGHT, 100);

    boolean cheats() {
      return way != Way.DELIVERS || !outcome.equals(RIGHT);
    }
  }

  /**
   * What an adversary does with a lease.
   *
   * @param done good results of the machine before
   * @param amongFriends whether no stranger is at work on the task, as far as it can see
   * @param atOnce whether it shows its result without committing first
   */
  static Deed of(
      Adversary adversary,
      long done,
      boolean amongFriends,
      boolean atOnce,
      SplittableRandom random) {
    return switch (adversary) {
      case RANDOM -> new Deed(Way.DELIVERS, outcome("noise " + random.nextLong()), 0);
      case LAZY -> in(30, random, new Deed(Way.DELIVERS, LIE, 0));
      case OFF_BY_ONE -> in(5, random, new Deed(Way.DELIVERS, LIE, 100));
      case WRONG_PRECISION -> new Deed(Way.DELIVERS, random.nextInt(100) < 30 ? LIE : RIGHT, 50);
      // Alone there is nobody to copy: a blank is all it has.
      case COPIER -> new Deed(atOnce ? Way.DELIVERS : Way.SHOWS_OTHER, atOnce ? LIE : RIGHT, 0);
      case RING -> amongFriends ? new Deed(Way.DELIVERS, LIE, 0) : Deed.HONEST;
      case SLEEPER -> done < SLEEPS ? Deed.HONEST : new Deed(Way.DELIVERS, LIE, 0);
      case SYBIL -> in(30, random, new Deed(Way.DELIVERS, LIE, 0));
      case WITHHOLDER -> in(30, random, new Deed(atOnce ? Way.STALLS : Way.WITHHOLDS, RIGHT, 100));
      case EQUIVOCATOR ->
          in(30, random, new Deed(atOnce ? Way.DELIVERS : Way.SHOWS_OTHER, LIE, 100));
      case STALLER -> in(30, random, new Deed(Way.DELIVERS, LIE, 0));
      case SLOW_LORIS -> in(30, random, new Deed(Way.STALLS, RIGHT, 0));
    };
  }

  private static Deed in(int percent, SplittableRandom random, Deed deed) {
    return random.nextInt(100) < percent ? deed : Deed.HONEST;
  }

  private static Outcome outcome(String output) {
    return new Outcome(
        Outcome.Status.FINISHED,
        0,
        1_000_000_000,
        Digest.of(output.getBytes(StandardCharsets.UTF_8)),
        output.length());
  }
}
