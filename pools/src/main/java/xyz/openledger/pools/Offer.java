package xyz.openledger.pools;

/** What scores look at: the figures of a node, or the best figures of a pool. */
sealed interface Offer permits Node, PoolSummary {
  /** The grid's carbon intensity as declared; 0 if it is not. */
  int carbonGramsPerKwh();

  /** The grid's carbon intensity; what is not declared counts as the worst there is. */
  default int carbonAtWorstGramsPerKwh() {
    return carbonGramsPerKwh() == 0 ? Node.CARBON_GRAMS_PER_KWH_MAX : carbonGramsPerKwh();
  }

  /** The price asked. */
  long priceNanoOpenPerGigafuel();

  /** The measured speed. */
  long fuelPerCpuSecond();

  /** The measured time from start to result of the smallest task. */
  int roundTripMicros();

  /** 0 to 10,000. */
  int reputation();

  /** How long it takes for {@code fuel}: burning it at the measured speed, and the round trip. */
  default long durationMicros(long fuel) {
    long seconds = fuel / fuelPerCpuSecond();
    long rest = fuel % fuelPerCpuSecond();
    return seconds * 1_000_000 + rest * 1_000_000 / fuelPerCpuSecond() + roundTripMicros();
  }
}
