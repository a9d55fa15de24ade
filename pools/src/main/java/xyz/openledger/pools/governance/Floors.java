package xyz.openledger.pools.governance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.json.ZeroIfAbsent;

/**
 * How much each preference counts at least, in percent of all that a policy weighs; together at
 * most 100.
 */
public record Floors(
    @ZeroIfAbsent int cost,
    @ZeroIfAbsent int latency,
    @ZeroIfAbsent int reliability,
    @ZeroIfAbsent int carbon) {
  /** Each policy weighs as it likes. */
  public static final Floors NONE = new Floors(0, 0, 0, 0);

  private static final int ALL = 100;

  /** Checks the ranges. */
  public Floors {
    Check.range("cost", cost, 0, ALL);
    Check.range("latency", latency, 0, ALL);
    Check.range("reliability", reliability, 0, ALL);
    Check.range("carbon", carbon, 0, ALL);
    Check.range(
        "cost + latency + reliability + carbon", cost + latency + reliability + carbon, 0, ALL);
  }

  /**
   * The policy with weights that reach the floors; itself if they do. Each floor is kept, and what
   * is left of 100 is shared in proportion to what each weighs above its floor.
   */
  Policy raise(Policy policy) {
    Policy.Weights weights = policy.objective().weights();
    Policy.Preference prefer = policy.prefer();
    int[] said = {
      weights.cost(),
      weights.latency(),
      weights.reliability(),
      weights.carbon(),
      prefer == null ? 0 : prefer.weight()
    };
    int[] raised = raise(said);
    return Arrays.equals(raised, said)
        ? policy
        : new Policy(
            new Policy.Objective(new Policy.Weights(raised[0], raised[1], raised[2], raised[3])),
            policy.limits(),
            policy.verification(),
            policy.capacity(),
            policy.require(),
            prefer(prefer, raised[4]),
            policy.selector(),
            policy.shift(),
            policy.spread());
  }

  private static Policy.@Nullable Preference prefer(Policy.@Nullable Preference said, int weight) {
    return said == null || weight == 0 ? null : new Policy.Preference(said.score(), weight);
  }

  private int[] raise(int[] said) {
    int[] floors = {cost, latency, reliability, carbon, 0};
    int sum = 0;
    for (int weight : said) {
      sum += weight;
    }
    boolean reached = true;
    int above = 0;
    int[] excess = new int[said.length];
    int left = ALL;
    for (int i = 0; i < said.length; i++) {
      // Both sides times the sum, so that nothing is rounded.
      excess[i] = Math.max(0, ALL * said[i] - floors[i] * sum);
      reached &= ALL * said[i] >= floors[i] * sum;
      above += excess[i];
      left -= floors[i];
    }
    return reached ? said : shared(floors, excess, above, left);
  }

  /** The floors, and what is left by largest remainder, the first of equal ones first. */
  private static int[] shared(int[] floors, int[] excess, int above, int left) {
    int[] raised = floors.clone();
    if (left == 0) {
      return raised;
    }
    int given = 0;
    List<Integer> byRemainder = new ArrayList<>();
    for (int i = 0; i < floors.length; i++) {
      int share = left * excess[i] / above;
      raised[i] += share;
      given += share;
      byRemainder.add(i);
    }
    byRemainder.sort(Comparator.comparingInt(i -> -(left * excess[i] % above)));
    for (int i = 0; i < left - given; i++) {
      raised[byRemainder.get(i)]++;
    }
    return raised;
  }
}
