package xyz.openledger.chainanchor.evm;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.outbox.TransactionCost;

/**
 * Reads what a transaction cost from a node's receipt. Nodes of OP-stack chains say in further
 * fields what they charge beside the execution; a chain without them charges nothing else.
 */
final class ReceiptCost {
  /** Far above any fee, and far below what would not fit where it is kept. */
  private static final int BITS_MAX = 128;

  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  private ReceiptCost() {}

  /** The cost; empty where the receipt does not say it, or says nonsense. */
  static Optional<TransactionCost> of(JsonNode receipt) {
    try {
      BigInteger gas = quantity(receipt, "gasUsed");
      BigInteger price = quantity(receipt, "effectiveGasPrice");
      if (gas == null || price == null) {
        return Optional.empty();
      }
      return Optional.of(
          new TransactionCost(gas.longValueExact(), gas.multiply(price), rollup(receipt, gas)));
    } catch (ArithmeticException | IllegalArgumentException nonsense) {
      return Optional.empty();
    }
  }

  private static TransactionCost.@Nullable RollupFees rollup(JsonNode receipt, BigInteger gas) {
    BigInteger l1Fee = quantity(receipt, "l1Fee");
    return l1Fee == null
        ? null
        : new TransactionCost.RollupFees(
            l1Fee, quantity(receipt, "l1GasUsed"), operatorFee(receipt, gas));
  }

  /**
   * Receipts carry the two parameters and not the fee. Since Jovian, whose receipts also name the
   * scalar of the data footprint, a unit of the scalar is a hundred wei for each gas; before, a
   * millionth.
   */
  private static BigInteger operatorFee(JsonNode receipt, BigInteger gas) {
    BigInteger scalar = quantity(receipt, "operatorFeeScalar");
    BigInteger constant = quantity(receipt, "operatorFeeConstant");
    BigInteger weighted = scalar == null ? BigInteger.ZERO : gas.multiply(scalar);
    boolean jovian = quantity(receipt, "daFootprintGasScalar") != null;
    BigInteger variable = jovian ? weighted.multiply(HUNDRED) : weighted.divide(MILLION);
    return constant == null ? variable : variable.add(constant);
  }

  private static @Nullable BigInteger quantity(JsonNode receipt, String field) {
    JsonNode value = receipt.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    String text = value.asText();
    if (!text.startsWith("0x")) {
      throw new IllegalArgumentException(field + " is " + text);
    }
    var number = new BigInteger(text.substring(2), 16);
    if (number.signum() < 0 || number.bitLength() > BITS_MAX) {
      throw new IllegalArgumentException(field + " is " + text);
    }
    return number;
  }
}
