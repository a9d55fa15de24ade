package xyz.openledger.chainanchor.accounts;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Splits an amount by weights so that the parts add up to it exactly (Hamilton's method): each part
 * is rounded down, and the units left over go, one each, to the parts that lost most by it; of
 * equal losers, to the first.
 */
public final class LargestRemainder {
  private LargestRemainder() {}

  /**
   * The parts of {@code total}, one per weight.
   *
   * @param total zero or more
   * @param weights zero or more each; their sum may be zero only if the total is
   */
  public static long[] split(long total, long... weights) {
    BigInteger sum = BigInteger.ZERO;
    for (long weight : weights) {
      if (weight < 0) {
        throw new IllegalArgumentException("weights are zero or more: " + Arrays.toString(weights));
      }
      sum = sum.add(BigInteger.valueOf(weight));
    }
    var parts = new long[weights.length];
    if (total == 0) {
      return parts;
    }
    if (total < 0 || sum.signum() == 0) {
      throw new IllegalArgumentException(
          "cannot split " + total + " by " + Arrays.toString(weights));
    }
    var remainders = new BigInteger[weights.length];
    long left = total;
    for (int i = 0; i < weights.length; i++) {
      var product = BigInteger.valueOf(total).multiply(BigInteger.valueOf(weights[i]));
      var shares = product.divideAndRemainder(sum);
      parts[i] = shares[0].longValueExact();
      remainders[i] = shares[1];
      left -= parts[i];
    }
    IntStream.range(0, weights.length)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> remainders[i]).reversed())
        .limit(left)
        .forEach(i -> parts[i]++);
    return parts;
  }
}
