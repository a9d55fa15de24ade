package xyz.openledger.chainanchor.accounts;

/** What a transfer is for. */
public enum Purpose {
  DEPOSIT,
  HOLD,
  REWARD,
  PLATFORM_FEE,
  REFUND,
  WITHDRAWAL,
  PAYOUT,
  CLAIM
}
