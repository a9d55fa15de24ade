package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Policy;

/**
 * Keeps the replicas of one task apart, by region or failure domain: where the policy requires it,
 * a replica waits for a node elsewhere; where it prefers it, a node elsewhere scores better by
 * {@link #PREFERRED}. A node that says nothing of where it is shares that with all that say
 * nothing.
 */
public final class Spreading {
  /** The label of a node that names what it fails together with. */
  static final String FAILURE_DOMAIN_LABEL = "failureDomain";

  /** What sharing costs a node in score, of 10,000. */
  static final int PREFERRED = 2_500;

  /** Keeps nothing apart. */
  static final Spreading NONE = new Spreading(null);

  private final Policy.@Nullable Spread spread;
  private final Set<String> taken = new HashSet<>();
  private int removed;

  private Spreading(Policy.@Nullable Spread spread) {
    this.spread = spread;
  }

  /**
   * What there is to say if replicas must be apart and these nodes are in too few places for it;
   * nothing if they are not.
   */
  public static Optional<String> shortfall(Request request, Collection<Node> nodes) {
    Policy.Spread spread = request.policy().spread();
    if (spread == null || !spread.hard()) {
      return Optional.empty();
    }
    var places = new HashSet<String>();
    for (Node node : nodes) {
      boolean never =
          Filters.of(request.policy()).stream()
              .anyMatch(filter -> filter.test(request, node) instanceof Filter.Verdict.Never);
      if (!never) {
        places.add(place(spread, node));
      }
    }
    return places.size() >= request.agreement()
        ? Optional.empty()
        : Optional.of(
            "spread: %d replicas must be apart by %s, and the nodes that may run it are in %d"
                .formatted(request.agreement(), what(spread), places.size()));
  }

  static Spreading of(Request request, Roster roster) {
    var spreading = new Spreading(request.policy().spread());
    if (spreading.spread != null) {
      request
          .affinity()
          .beside()
          .forEach(
              id ->
                  roster
                      .find(id)
                      .ifPresent(node -> spreading.taken.add(place(spreading.spread, node))));
    }
    return spreading;
  }

  /** Whether the node is where a replica may still go. */
  boolean admits(Node node) {
    if (spread == null || !spread.hard() || !taken.contains(place(spread, node))) {
      return true;
    }
    removed++;
    return false;
  }

  /** The score of a node, less what sharing costs it. */
  int score(Node node, int score) {
    return spread != null && !spread.hard() && taken.contains(place(spread, node))
        ? Math.max(0, score - PREFERRED)
        : score;
  }

  /** A replica goes to that node: what shares its place falls behind, or away. */
  void took(Node node, List<Node> candidates, int[] scores, int struck) {
    if (spread == null || !taken.add(place(spread, node))) {
      return;
    }
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] != struck && place(spread, candidates.get(i)).equals(place(spread, node))) {
        scores[i] = spread.hard() ? struck : Math.max(0, scores[i] - PREFERRED);
      }
    }
  }

  /** A replica goes to that node; whether it is the first at its place. */
  boolean takes(Node node) {
    return spread != null && taken.add(place(spread, node));
  }

  /** Whether it does without any difference between nodes. */
  boolean isIdle() {
    return spread == null;
  }

  /** Whether what shares a place with a replica is out of the question. */
  boolean isHard() {
    return spread != null && spread.hard();
  }

  /** Whether a replica of the task is where the node is. */
  boolean isTaken(Node node) {
    return spread != null && taken.contains(place(spread, node));
  }

  /** With how many nodes this kept away. */
  List<Explanation.Removed> removed(List<Explanation.Removed> others) {
    if (removed == 0) {
      return others;
    }
    var all = new ArrayList<>(others);
    all.add(new Explanation.Removed(Clause.SPREAD, removed, 0));
    return all;
  }

  /** {@code region eu-north, apart from the others}, once asked for. */
  String words(Node node) {
    if (spread == null) {
      return "";
    }
    String place = place(spread, node);
    return "%s %s, %s"
        .formatted(
            what(spread),
            place.isEmpty() ? "unknown" : place,
            taken.isEmpty()
                ? "the first of its task"
                : taken.contains(place)
                    ? "shared with another replica"
                    : "apart from %d of its task".formatted(taken.size()));
  }

  private static String what(Policy.Spread spread) {
    return spread.by() == Policy.Spread.By.REGION ? "region" : "failure domain";
  }

  private static String place(Policy.Spread spread, Node node) {
    return spread.by() == Policy.Spread.By.REGION
        ? node.region()
        : node.traits().labels().getOrDefault(FAILURE_DOMAIN_LABEL, "");
  }
}
