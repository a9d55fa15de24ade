package xyz.openledger.chainanchor.accounts;

/** What a transfer is for. */
public enum Purpose {
  DEPOSIT,
  HOLD,
  REWARD,
  PLATFORM_FEE,
  MODEL_FEE,
  STAKERS_FEE,
  DATA_FEE,
  DUST,
  REFUND,
  WITHDRAWAL,
  PAYOUT,
  REOPENED,
  CLAIM
}
