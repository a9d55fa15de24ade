package xyz.openledger.verification.dispute;

/** What the referee makes of two answers. */
sealed interface Ruling {
  /** At least one side is wrong, and why. */
  record Wrong(boolean claimant, boolean challenger, String reason) implements Ruling {}

  /** They part somewhere below. */
  record Onwards(Position next) implements Ruling {}

  /** Wrong if either is; otherwise onwards. */
  static Ruling of(boolean claimantRight, boolean challengerRight, String wrong, Position next) {
    return claimantRight && challengerRight
        ? new Onwards(next)
        : new Wrong(!claimantRight, !challengerRight, wrong);
  }
}
