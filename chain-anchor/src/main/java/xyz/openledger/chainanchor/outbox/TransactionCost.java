package xyz.openledger.chainanchor.outbox;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a mined transaction cost its sender, as the node's receipt says.
 *
 * @param gasUsed by its execution
 * @param executionFeeWei the gas at the price that was paid
 * @param rollup what an OP-stack chain charges beside it; absent elsewhere
 */
public record TransactionCost(
    long gasUsed, BigInteger executionFeeWei, @Nullable RollupFees rollup) {

  /**
   * What an OP-stack chain charges beside the execution.
   *
   * @param l1FeeWei for bringing the transaction's bytes to the chain below
   * @param l1GasUsed the gas there that the chain reckons with; absent where it does not say
   * @param operatorFeeWei what whoever runs the chain takes on top; zero before Isthmus
   */
  public record RollupFees(
      BigInteger l1FeeWei, @Nullable BigInteger l1GasUsed, BigInteger operatorFeeWei) {}

  /** All of it. */
  public BigInteger feeWei() {
    return rollup == null
        ? executionFeeWei
        : executionFeeWei.add(rollup.l1FeeWei()).add(rollup.operatorFeeWei());
  }
}
