package xyz.openledger.models.training;

/** In which order samples are taken: each once a round, every round shuffled anew from the seed. */
final class SampleOrder {
  private final int samples;
  private final long seed;
  private final int[] order;
  private long round = -1;

  SampleOrder(int samples, long seed) {
    this.samples = samples;
    this.seed = seed;
    order = new int[samples];
  }

  /** Which sample is taken at a place in the endless row. */
  int at(long place) {
    if (place / samples != round) {
      round = place / samples;
      shuffle(new Seeded(new Seeded(seed).next() ^ round));
    }
    return order[(int) (place % samples)];
  }

  private void shuffle(Seeded random) {
    for (int i = 0; i < samples; i++) {
      int j = random.below(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
  }
}
