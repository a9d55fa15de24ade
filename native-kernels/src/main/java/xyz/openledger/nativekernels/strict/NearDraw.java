package xyz.openledger.nativekernels.strict;

import java.util.stream.IntStream;

/**
 * Which tokens might have been drawn if every logit were a little off, as it is where sums are
 * taken in another order. {@link StrictTokens#sample} says which one is drawn if none is.
 *
 * <p>Shares of the tokens before and up to one are computed in double; each is moved by what logits
 * that are off can move it at most, and the number drawn must lie between the two.
 */
public final class NearDraw {
  /** What a chain of additions in float32 may be off by. */
  private static final double SUM_SLACK = 1e-4;

  private final float[] logits;
  private final float temperature;
  private final int topK;
  private final float topP;
  private final double number;
  private final double off;

  /**
   * One draw.
   *
   * @param off what each logit may be off by
   */
  public NearDraw(
      float[] logits,
      float temperature,
      int topK,
      float topP,
      long seed,
      long counter,
      double off) {
    this.logits = logits;
    this.temperature = temperature;
    this.topK = topK;
    this.topP = topP;
    this.number = Philox.number(seed, counter);
    this.off = off;
  }

  /** Whether it might have been this token. */
  public boolean mayBe(int token) {
    float max = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    if (!Float.isFinite(max) || !(logits[token] > Float.NEGATIVE_INFINITY)) {
      return false;
    }
    if (temperature == 0) {
      return logits[token] >= max - 2 * off;
    }
    double[] weights = new double[logits.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.exp(((double) logits[i] - max) / temperature);
    }
    return (topK > 0 || topP < 1) ? ofTheHighest(token, weights) : ofAll(token, weights);
  }

  /** Where all are kept, they stand in the order of their numbers. */
  private boolean ofAll(int token, double[] weights) {
    double before = 0;
    double all = 0;
    for (int i = 0; i < weights.length; i++) {
      before += i < token ? weights[i] : 0;
      all += weights[i];
    }
    return between(before / all, (before + weights[token]) / all);
  }

  /** Otherwise the highest is first, and those that nearly tie may change places. */
  private boolean ofTheHighest(int token, double[] weights) {
    int[] order =
        IntStream.range(0, logits.length)
            .filter(i -> logits[i] > Float.NEGATIVE_INFINITY)
            .boxed()
            .sorted((a, b) -> Float.compare(logits[b], logits[a]))
            .limit(topK > 0 ? topK : Integer.MAX_VALUE)
            .mapToInt(Integer::intValue)
            .toArray();
    double all = IntStream.of(order).mapToDouble(i -> weights[i]).sum();
    double least = 0;
    double most = 0;
    double surelyBefore = 0;
    double perhapsBefore = 0;
    int placesBefore = 0;
    for (int i : order) {
      least += topP < 1 && moved(least / all, 1) + SUM_SLACK >= topP ? 0 : weights[i];
      most += topP < 1 && moved(most / all, -1) - SUM_SLACK >= topP ? 0 : weights[i];
      if (i != token && logits[i] > logits[token] + 2 * off) {
        surelyBefore += weights[i];
        placesBefore++;
      }
      perhapsBefore += i != token && logits[i] >= logits[token] - 2 * off ? weights[i] : 0;
    }
    return placesBefore < order.length
        && (topP == 1 || moved(surelyBefore / all, -1) - SUM_SLACK < topP)
        && between(surelyBefore / most, Math.min(1, (perhapsBefore + weights[token]) / least));
  }

  private boolean between(double from, double to) {
    return number >= moved(from, -1) - SUM_SLACK && number <= moved(to, 1) + SUM_SLACK;
  }

  /** A share of all, where its logits rise by as much as they may be off and the others fall. */
  private double moved(double share, int sign) {
    double rest = Math.max(0, 1 - share) * Math.exp(-2 * sign * off / temperature);
    return share <= 0 ? 0 : share / (share + rest);
  }
}
