package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.pools.expression.Scoring;
import xyz.openledger.protocol.Policy;

/** The scores of every pool, one for each preference that a policy can weigh. */
final class Scores {
  static final List<Score> ALL =
      List.of(new Cost(), new Latency(), new Reliability(), new Carbon());

  private Scores() {}

  /** Those of every pool, and the policy's own. */
  private static List<Score> of(Policy policy) {
    return policy.prefer() == null ? ALL : Conditions.of(policy).scores();
  }

  /** How well an offer does, and how much the policy cares. */
  static List<Explanation.Part> parts(Request request, Offer offer, Score.Field field) {
    Policy.Weights weights = request.policy().objective().weights();
    var parts = new ArrayList<Explanation.Part>(ALL.size());
    for (Score score : of(request.policy())) {
      if (score.weight(weights) > 0 && score.judges(offer)) {
        parts.add(
            new Explanation.Part(
                score.label(), score.of(request, offer, field), score.weight(weights)));
      }
    }
    return parts;
  }

  /** The weighted mean of all scores, less what {@link Liking} takes; 0 to {@link Score#MAX}. */
  static int total(Request request, Offer offer, Score.Field field) {
    int policy = mean(request, offer, field);
    return offer instanceof Node node ? Liking.of(request, node, policy) : policy;
  }

  private static int mean(Request request, Offer offer, Score.Field field) {
    Policy.Weights weights = request.policy().objective().weights();
    int sum = 0;
    int of = 0;
    for (Score score : of(request.policy())) {
      int weight = score.judges(offer) ? score.weight(weights) : 0;
      if (weight > 0) {
        sum += weight * score.of(request, offer, field);
        of += weight;
      }
    }
    return sum / of;
  }

  /** Prefers what the policy says in its own words; it speaks of nodes alone. */
  record Preferred(Scoring scoring, int preferWeight) implements Score {
    @Override
    public String label() {
      return "prefer";
    }

    @Override
    public boolean judges(Offer offer) {
      return offer instanceof Node;
    }

    @Override
    public int weight(Policy.Weights weights) {
      return preferWeight;
    }

    @Override
    public int of(Request request, Offer offer, Field field) {
      return offer instanceof Node node ? scoring.of(node) : 0;
    }
  }

  /** Prefers the cheapest: twice its price scores half. */
  record Cost() implements Score {
    @Override
    public String label() {
      return "cost";
    }

    @Override
    public int weight(Policy.Weights weights) {
      return weights.cost();
    }

    @Override
    public int of(Request request, Offer offer, Field field) {
      return share(field.priceMinNanoOpenPerGigafuel(), offer.priceNanoOpenPerGigafuel());
    }
  }

  /** Prefers the one that is done first if all fuel is burned: twice its time scores half. */
  record Latency() implements Score {
    @Override
    public String label() {
      return "latency";
    }

    @Override
    public int weight(Policy.Weights weights) {
      return weights.latency();
    }

    @Override
    public int of(Request request, Offer offer, Field field) {
      return share(field.durationMinMicros(), offer.durationMicros(request.fuelMax()));
    }
  }

  /** Prefers the one with the best past. */
  record Reliability() implements Score {
    @Override
    public String label() {
      return "reliability";
    }

    @Override
    public int weight(Policy.Weights weights) {
      return weights.reliability();
    }

    @Override
    public int of(Request request, Offer offer, Field field) {
      return offer.reputation();
    }
  }

  /**
   * Prefers the cleanest grid: towards 0 g CO2/kWh it scores {@link Score#MAX}, at {@link
   * #DIRTIEST}, above, and undeclared 0.
   */
  record Carbon() implements Score {
    /** Close to electricity from lignite alone. */
    static final int DIRTIEST = 1_000;

    @Override
    public String label() {
      return "carbon";
    }

    @Override
    public int weight(Policy.Weights weights) {
      return weights.carbon();
    }

    @Override
    public int of(Request request, Offer offer, Field field) {
      return MAX - Math.min(DIRTIEST, offer.carbonAtWorstGramsPerKwh()) * (MAX / DIRTIEST);
    }
  }

  /**
   * {@code MAX × best / value}, where best is not above value; one is added to each, so that what
   * costs nothing can be compared. The ranges of {@link Node} and {@link Request} keep it in 63
   * bits.
   */
  private static int share(long best, long value) {
    return (int) ((best + 1) * Score.MAX / (value + 1));
  }
}
