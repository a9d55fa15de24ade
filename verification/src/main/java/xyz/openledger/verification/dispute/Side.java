package xyz.openledger.verification.dispute;

/** One of the two parties. */
public enum Side {
  /** Whose outcome is disputed. */
  CLAIMANT,
  /** Who disputes it. */
  CHALLENGER;

  /** The other one. */
  public Side other() {
    return this == CLAIMANT ? CHALLENGER : CLAIMANT;
  }
}
