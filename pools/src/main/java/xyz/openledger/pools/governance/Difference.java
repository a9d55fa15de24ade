package xyz.openledger.pools.governance;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;

/**
 * What other rules would have changed for a job that was admitted. Pure.
 *
 * @param refused whether it would not have been admitted
 * @param why a sentence for each change; empty if there is none
 */
public record Difference(boolean refused, List<String> why) {
  /** Keeps a copy of its own. */
  public Difference {
    why = List.copyOf(why);
  }

  /** Whether there is none. */
  public boolean isNone() {
    return why.isEmpty();
  }

  /**
   * The difference for one job.
   *
   * @param before what the rules that admitted it said
   * @param regions in which it ran
   */
  public static Difference of(
      GovernedRules rules, JobSpec spec, Governed before, Collection<String> regions) {
    return switch (rules.rule(spec)) {
      case Ruling.Refused(_, var reason) -> new Difference(true, List.of(reason));
      case Ruling.Admitted(var after) ->
          new Difference(false, changes(spec, before, after, regions));
    };
  }

  private static List<String> changes(
      JobSpec spec, Governed before, Governed after, Collection<String> regions) {
    var why = new ArrayList<String>();
    for (String name : after.isolated()) {
      if (!before.isolated().contains(name)) {
        why.add("would run only on nodes labelled " + ClassRule.TAKES_LABEL + name + "=true");
      }
    }
    for (String name : before.isolated()) {
      if (!after.isolated().contains(name)) {
        why.add("would not be kept to nodes that take class " + name);
      }
    }
    for (String region : after.regionsForbidden()) {
      if (regions.contains(region)) {
        why.add("ran in " + region + ", where it would not have run");
      }
    }
    DataRule was = before.data();
    DataRule would = after.data();
    if (!Objects.equals(was, would)) {
      why.add(
          "nodes would be shown its data by other rules: "
              + (would == null ? "none" : asked(would)));
    }
    weights(before.policy(spec.policy()), after.policy(spec.policy()), why);
    if (before.priority() != after.priority()) {
      why.add(
          "priority %s instead of %s".formatted(said(after.priority()), said(before.priority())));
    }
    return why;
  }

  private static String asked(DataRule rule) {
    String asked =
        Stream.of(rule.words(), rule.pastWords())
            .filter(words -> !words.isEmpty())
            .collect(Collectors.joining("; "));
    return asked.isEmpty() ? "none" : asked;
  }

  private static void weights(Policy before, Policy after, List<String> why) {
    Policy.Weights was = before.objective().weights();
    Policy.Weights would = after.objective().weights();
    if (!was.equals(would)) {
      why.add("nodes would be ranked by %s instead of %s".formatted(words(would), words(was)));
    }
  }

  private static String words(Policy.Weights weights) {
    return "cost %d, latency %d, reliability %d, carbon %d"
        .formatted(weights.cost(), weights.latency(), weights.reliability(), weights.carbon());
  }

  private static String said(int priority) {
    return priority == Governed.ITS_OWN ? "as it wishes" : Integer.toString(priority);
  }
}
