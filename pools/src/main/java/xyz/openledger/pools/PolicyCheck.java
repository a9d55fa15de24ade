package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xyz.openledger.pools.governance.DataRule;
import xyz.openledger.pools.queue.LatencyRecord;
import xyz.openledger.protocol.DataClass;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/** Looks at a policy without any node: whether it can be read and met, and what it comes to. */
public final class PolicyCheck {
  private PolicyCheck() {}

  /**
   * Reads a policy.
   *
   * @return what a requester may want to know of it, a sentence each
   * @throws ProblemException {@code invalid-request}, pointing at the character; {@code
   *     unsatisfiable-policy} for a contradiction
   */
  public static List<String> check(Policy policy) {
    Conditions conditions = Conditions.compile(policy);
    Contradictions.in(policy, conditions)
        .ifPresent(
            contradiction -> {
              throw new ProblemException(Problem.UNSATISFIABLE_POLICY, "", contradiction);
            });
    var notes = new ArrayList<String>();
    notes.add(weights(policy));
    conditions.all().stream()
        .filter(condition -> condition.clause() == Clause.REQUIRE)
        .forEach(
            condition ->
                notes.add(
                    "require `%s`: %s"
                        .formatted(
                            condition.words(),
                            condition.lowered()
                                ? "looked up, at no cost a node"
                                : "interpreted for each node that meets all else")));
    DataClass shown = policy.limits().dataClass();
    if (shown != null) {
      DataRule asked = DataRule.usual(shown);
      String words =
          Stream.of(asked.words(), asked.pastWords())
              .filter(said -> !said.isEmpty())
              .collect(Collectors.joining("; "));
      asked
          .lacking(policy)
          .ifPresent(lacking -> notes.add(lacking + ", unless governance asks otherwise"));
      notes.add(
          "%s, unless governance asks otherwise; what a node says of its sandbox and labels is its contributor's word"
              .formatted(words.isEmpty() ? shown.word() + " data may go anywhere" : words));
    }
    if (policy.limits().latencyP99MillisMax() != null) {
      notes.add(
          "p99 is of each node's results in work of that size, from lease to result, as its pool"
              + " measured them; before %d of them are there within an hour, its benchmark must"
                  .formatted(LatencyRecord.RESULTS_MIN)
              + " foretell as much for all the fuel");
    }
    if (policy.limits().licences() != null) {
      notes.add(
          "licences are what publishers of models and adapters state; programs, networks and inputs"
              + " have none that the network knows");
    }
    if (policy.verification().method() == Policy.Method.TOPLOC) {
      notes.add(
          "toploc is statistical: activations near those computed again; no bound on the error is"
              + " known, and nothing is proven");
    }
    if (policy.limits().carbonGramsPerKwhMax() != null
        || !policy.limits().regions().isEmpty()
        || !policy.labels().isEmpty()) {
      notes.add("regions, carbon and labels are what contributors declare; nothing attests them");
    }
    return List.copyOf(notes);
  }

  private static String weights(Policy policy) {
    Policy.Weights weights = policy.objective().weights();
    Policy.Preference prefer = policy.prefer();
    int own = prefer == null ? 0 : prefer.weight();
    int sum = weights.cost() + weights.latency() + weights.reliability() + weights.carbon() + own;
    String shares =
        Stream.of(
                share("cost", weights.cost(), sum),
                share("latency", weights.latency(), sum),
                share("reliability", weights.reliability(), sum),
                share("carbon", weights.carbon(), sum),
                share("prefer", own, sum))
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining(", "));
    return sum == 100
        ? "weights: " + shares
        : "the weights sum to %d, not 100, and are normalised: %s".formatted(sum, shares);
  }

  /** In tenths of a percent, so that a third can be seen. */
  private static String share(String name, int weight, int sum) {
    long tenths = Math.round(1_000.0 * weight / sum);
    return weight == 0
        ? ""
        : name + " " + tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + " %";
  }
}
