package xyz.openledger.chainanchor.outbox;

import java.math.BigInteger;

/**
 * What the anchors that are final have cost, as far as the node's receipts say.
 *
 * @param anchors how many of them had receipts that say it
 * @param receipts how many leaves of the log they brought
 * @param gas of their execution
 * @param feeWei all that was paid
 * @param l1FeeWei the part of it for the chain below
 * @param operatorFeeWei the part of it for the chain's operator
 */
public record AnchorCost(
    long anchors,
    long receipts,
    long gas,
    BigInteger feeWei,
    BigInteger l1FeeWei,
    BigInteger operatorFeeWei) {
  /** Nothing yet. */
  public static final AnchorCost NONE =
      new AnchorCost(0, 0, 0, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO);

  /** With that row's, if it is an anchor and its receipt said what it cost. */
  AnchorCost with(OutboxRow row) {
    return changed(row, 1);
  }

  /** Without it: its block is gone. */
  AnchorCost without(OutboxRow row) {
    return changed(row, -1);
  }

  private AnchorCost changed(OutboxRow row, int sign) {
    TransactionCost cost = row.cost();
    if (cost == null || !(row.intent() instanceof Intent.Anchor anchor)) {
      return this;
    }
    BigInteger times = BigInteger.valueOf(sign);
    var rollup = cost.rollup();
    return new AnchorCost(
        anchors + sign,
        receipts + sign * (anchor.toSize() - anchor.fromSize()),
        gas + sign * cost.gasUsed(),
        feeWei.add(times.multiply(cost.feeWei())),
        rollup == null ? l1FeeWei : l1FeeWei.add(times.multiply(rollup.l1FeeWei())),
        rollup == null
            ? operatorFeeWei
            : operatorFeeWei.add(times.multiply(rollup.operatorFeeWei())));
  }
}
