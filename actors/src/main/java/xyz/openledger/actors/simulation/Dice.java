package xyz.openledger.actors.simulation;

import java.util.SplittableRandom;

/** Numbers drawn from a seed, the same on every machine: nothing but strict arithmetic. */
final class Dice {
  private final SplittableRandom random;

  Dice(long seed) {
    random = new SplittableRandom(seed);
  }

  /** Dice of their own for another matter, so that one draw more here changes nothing there. */
  Dice split() {
    return new Dice(random.nextLong());
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  long bits() {
    return random.nextLong();
  }

  boolean chance(double part) {
    return random.nextDouble() < part;
  }

  double between(double least, double most) {
    return least + random.nextDouble() * (most - least);
  }

  /** One of these, by their weights. */
  int weighted(int... weights) {
    int sum = 0;
    for (int weight : weights) {
      sum += weight;
    }
    int at = random.nextInt(sum);
    int which = 0;
    while (at >= weights[which]) {
      at -= weights[which++];
    }
    return which;
  }

  double exponential(double mean) {
    return -mean * StrictMath.log(1 - random.nextDouble());
  }

  /** The exponential of a normal distribution. */
  double lognormal(double mu, double sigma) {
    return StrictMath.exp(mu + sigma * gaussian());
  }

  /** Of mean 1, with that standard deviation: how irregular arrivals are. */
  double lognormalOfMeanOne(double deviation) {
    double variance = StrictMath.log(1 + deviation * deviation);
    return lognormal(-variance / 2, StrictMath.sqrt(variance));
  }

  /** Box and Muller. */
  private double gaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
  }
}
