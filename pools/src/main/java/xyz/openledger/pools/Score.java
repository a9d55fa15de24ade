package xyz.openledger.pools;

import xyz.openledger.protocol.Policy;

/** Prefers some offers to others, among those that may. Pure, in integers, 0 to {@link #MAX}. */
interface Score {
  /** The best score. */
  int MAX = 10_000;

  /** The name in explanations. */
  String label();

  /** Whether it can tell anything of {@code offer}. */
  default boolean judges(Offer offer) {
    return true;
  }

  /** How much the policy cares. */
  int weight(Policy.Weights weights);

  /** How well {@code offer} does, {@code field} being all that may run the task. */
  int of(Request request, Offer offer, Field field);

  /** The best figures in a field of offers: what cheap and fast are measured against. */
  record Field(long priceMinNanoOpenPerGigafuel, long durationMinMicros) {
    static Field of(Request request, Iterable<? extends Offer> offers) {
      long price = Long.MAX_VALUE;
      long duration = Long.MAX_VALUE;
      for (Offer offer : offers) {
        price = Math.min(price, offer.priceNanoOpenPerGigafuel());
        duration = Math.min(duration, offer.durationMicros(request.fuelMax()));
      }
      return new Field(price, duration);
    }
  }
}
