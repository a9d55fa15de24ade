package xyz.openledger.chainanchor.accounts;

import java.util.Locale;

/**
 * One account, written {@code kind/owner}, such as {@code requester-available/tenant-…}.
 *
 * @param kind what the money in it is for
 * @param owner a tenant for the requester's accounts, a lower-case {@code 0x} address for a
 *     payee's, empty where there is only one
 */
public record Account(Kind kind, String owner) implements Comparable<Account> {

  /** What money is for. The two chain accounts mirror a contract: they hold minus what it holds. */
  public enum Kind {
    /** A requester may spend or withdraw it. */
    REQUESTER_AVAILABLE,
    /** Promised to a requester's open jobs. */
    REQUESTER_HELD,
    /** On its way back to the requester's own address. */
    REQUESTER_WITHDRAWING,
    /** Earned by a payee, in no payout epoch yet. */
    EARNED,
    /** In a payout epoch whose root is not final on the chain yet. */
    PUBLISHING,
    /** Under a final root: the payee may claim it on the chain whenever he likes. */
    CLAIMABLE,
    /** Fees of the platform, in no payout epoch yet. */
    PLATFORM,
    /** Shares of fees for who made the models, until it is known who they are. */
    MODEL,
    /** Shares of fees for who put up stakes, until they are handed on. */
    STAKERS,
    /** Shares of fees for whose data it was, until it is known who they are. */
    DATA,
    /** What the splitting of prices has carried on: the units that nobody has whole yet. */
    DUST,
    /** Minus what the Escrow contract holds for these books. */
    CHAIN_ESCROW,
    /** Minus what the RewardDistributor contract still owes to payees. */
    CHAIN_DISTRIBUTOR;

    /** Whether its balance is a contract's, seen from our side: zero or below. */
    public boolean isChain() {
      return this == CHAIN_ESCROW || this == CHAIN_DISTRIBUTOR;
    }

    private String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The platform's fees. */
  public static final Account PLATFORM = new Account(Kind.PLATFORM, "");

  /** The makers of models. */
  public static final Account MODEL = new Account(Kind.MODEL, "");

  /** The holders of stakes. */
  public static final Account STAKERS = new Account(Kind.STAKERS, "");

  /** The owners of data. */
  public static final Account DATA = new Account(Kind.DATA, "");

  /** Units that nobody has whole yet. */
  public static final Account DUST = new Account(Kind.DUST, "");

  /** The Escrow contract. */
  public static final Account CHAIN_ESCROW = new Account(Kind.CHAIN_ESCROW, "");

  /** The RewardDistributor contract. */
  public static final Account CHAIN_DISTRIBUTOR = new Account(Kind.CHAIN_DISTRIBUTOR, "");

  static Account available(String tenant) {
    return new Account(Kind.REQUESTER_AVAILABLE, tenant);
  }

  static Account held(String tenant) {
    return new Account(Kind.REQUESTER_HELD, tenant);
  }

  static Account withdrawing(String tenant) {
    return new Account(Kind.REQUESTER_WITHDRAWING, tenant);
  }

  static Account earned(String payee) {
    return new Account(Kind.EARNED, payee);
  }

  static Account publishing(String payee) {
    return new Account(Kind.PUBLISHING, payee);
  }

  static Account claimable(String payee) {
    return new Account(Kind.CLAIMABLE, payee);
  }

  /**
   * Reads {@code kind/owner}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Account parse(String text) {
    int slash = text.indexOf('/');
    if (slash > 0) {
      for (Kind kind : Kind.values()) {
        if (kind.code().contentEquals(text.subSequence(0, slash))) {
          return new Account(kind, text.substring(slash + 1));
        }
      }
    }
    throw new IllegalArgumentException("not an account: " + text);
  }

  @Override
  public int compareTo(Account other) {
    int order = kind.compareTo(other.kind);
    return order != 0 ? order : owner.compareTo(other.owner);
  }

  @Override
  public String toString() {
    return kind.code() + "/" + owner;
  }
}
