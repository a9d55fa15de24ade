package xyz.openledger.chainanchor.outbox;

import java.util.List;
import xyz.openledger.protocol.voucher.SignedVoucher;

/**
 * What shall be so on the chain. Each has an effect that a contract lets happen once: by comparing
 * where it starts from (an anchor, a root) or by a key (a payment, a node). So an intent may be
 * sent under any number of transactions.
 */
public sealed interface Intent {

  /** Which contract call it is, for gas limits and metrics. */
  default Kind kind() {
    return switch (this) {
      case Anchor _ -> Kind.ANCHOR;
      case PublishRoot _ -> Kind.PUBLISH_ROOT;
      case Fund _ -> Kind.FUND;
      case Withdraw _ -> Kind.WITHDRAW;
      case RegisterNode _ -> Kind.REGISTER_NODE;
      case SettleVouchers _ -> Kind.SETTLE_VOUCHERS;
    };
  }

  /** The kinds of calls. */
  enum Kind {
    ANCHOR,
    PUBLISH_ROOT,
    FUND,
    WITHDRAW,
    REGISTER_NODE,
    SETTLE_VOUCHERS
  }

  /**
   * The log of {@code fromSize} leaves becomes one of {@code toSize}.
   *
   * @param rootHex 64 hex digits
   */
  record Anchor(long fromSize, long toSize, String rootHex) implements Intent {}

  /**
   * The distributor moves from one payout epoch to another.
   *
   * @param rootHex 64 hex digits
   * @param totalNanoOpen all that was ever paid out, this epoch included
   */
  record PublishRoot(long fromEpoch, long toEpoch, String rootHex, long totalNanoOpen)
      implements Intent {}

  /**
   * Money moves from the escrow to the distributor.
   *
   * @param key the payment's name; hashed, it is the contract's key
   */
  record Fund(String key, long amountNanoOpen) implements Intent {}

  /**
   * Money goes back to a depositor.
   *
   * @param key the payment's name; hashed, it is the contract's key
   * @param accountHex the tenant's account in the escrow, 64 hex digits
   */
  record Withdraw(String key, String accountHex, String depositor, long amountNanoOpen)
      implements Intent {}

  /**
   * A node is registered for its owner, with a stake that the sender puts up.
   *
   * @param capabilityHex 64 hex digits
   */
  record RegisterNode(
      String nodeId,
      String owner,
      String resultKey,
      String capabilityHex,
      String poolId,
      long stakeNanoOpen)
      implements Intent {}

  /**
   * Vouchers are paid. Each counts once whatever is sent, since it says what was promised since the
   * beginning.
   */
  record SettleVouchers(List<SignedVoucher> vouchers) implements Intent {
    /** The most in one transaction. */
    public static final int VOUCHERS_MAX = 20;

    /** Keeps its own copy. */
    public SettleVouchers {
      vouchers = List.copyOf(vouchers);
    }
  }
}
