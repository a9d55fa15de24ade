package xyz.openledger.cluster.bench;

import java.util.List;

/**
 * What the chain charges for a million jobs on a rollup of the OP stack, by its fee formulas: gas
 * of its own, and the data that it has to post below. Gas is that of the contracts' table; the data
 * is taken as incompressible, which no transaction is, so that the sums are upper bounds.
 *
 * <pre>
 *   data fee = max(100, −42.5856 + 0.8365 × bytes) × (16 × base fee × 5227 + blob fee × 1014213) / 10⁶
 * </pre>
 */
public final class LedgerCost {
  private static final long JOBS = 1_000_000;

  /** What surrounds the data of a call in a signed transaction, at the most. */
  private static final int ENVELOPE_BYTES = 120;

  private static final int WORD = 32;
  private static final int SELECTOR = 4;
  private static final int VOUCHERS = 20;
  private static final double BASE_FEE_SCALAR = 5_227;
  private static final double BLOB_FEE_SCALAR = 1_014_213;

  private LedgerCost() {}

  /**
   * What is assumed.
   *
   * @param receiptsPerCheckpoint how many receipts one checkpoint anchors
   * @param vouchers how many are settled for the million jobs
   * @param payoutEpochs how many roots are published and funded for them
   * @param l2Gwei the rollup's own price of gas
   * @param baseFeeGwei of the chain below
   * @param blobFeeGwei of the chain below
   * @param dollarsPerEther what the coin that pays for it is worth
   */
  public record Inputs(
      long receiptsPerCheckpoint,
      long vouchers,
      long payoutEpochs,
      double l2Gwei,
      double baseFeeGwei,
      double blobFeeGwei,
      double dollarsPerEther) {}

  /** So many transactions of one kind. */
  public record Row(String what, long transactions, long gasEach, int bytesEach, double dollars) {}

  /** The rows, the dearest part of which is usually the data. */
  public static List<Row> of(Inputs in) {
    return List.of(
        row(in, "checkpoints", ceiling(JOBS, in.receiptsPerCheckpoint()), 34_547, 3),
        row(
            in,
            "batches of 20 vouchers",
            ceiling(in.vouchers(), VOUCHERS),
            VOUCHERS * 22_024,
            2 + 5 * VOUCHERS),
        row(in, "payout epochs funded", in.payoutEpochs(), 83_635, 3),
        row(in, "payout epochs published", in.payoutEpochs(), 58_510, 4));
  }

  private static Row row(Inputs in, String what, long transactions, long gas, int words) {
    int bytes = ENVELOPE_BYTES + SELECTOR + words * WORD;
    double gwei = gas * in.l2Gwei() + dataGwei(in, bytes);
    return new Row(
        what, transactions, gas, bytes, transactions * gwei * 1e-9 * in.dollarsPerEther());
  }

  static double dataGwei(Inputs in, int bytes) {
    double size = Math.max(100, -42.5856 + 0.8365 * bytes);
    return size
        * (16 * in.baseFeeGwei() * BASE_FEE_SCALAR + in.blobFeeGwei() * BLOB_FEE_SCALAR)
        / 1e6;
  }

  private static long ceiling(long amount, long by) {
    return (amount + by - 1) / by;
  }
}
