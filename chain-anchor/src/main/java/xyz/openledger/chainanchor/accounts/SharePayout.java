package xyz.openledger.chainanchor.accounts;

import xyz.openledger.protocol.Check;

/**
 * A part of a payout that comes from a share of fees and not from work.
 *
 * @param share {@code model}, {@code stakers} or {@code data}
 */
public record SharePayout(String share, String payee, long amountNanoOpen) {
  /** Checks that there is such a share. */
  public SharePayout {
    account(share);
  }

  /** The account that it leaves. */
  Account account() {
    return account(share);
  }

  static Account account(String share) {
    return switch (share) {
      case "model" -> Account.MODEL;
      case "stakers" -> Account.STAKERS;
      case "data" -> Account.DATA;
      default -> throw Check.refusal("share", "must be model, stakers or data, is " + share);
    };
  }
}
