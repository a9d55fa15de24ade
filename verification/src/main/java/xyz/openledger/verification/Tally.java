package xyz.openledger.verification;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Outcome;

/**
 * The say of each voter, counted once.
 *
 * @param leading an outcome that nobody has more votes for, or null before the first vote
 * @param most the votes for it
 * @param tied whether another outcome has as many
 * @param pending voters whose first answer is still to come
 * @param live replicas that were neither lost nor released
 */
record Tally(@Nullable Outcome leading, int most, boolean tied, int pending, int live) {

  static Tally of(List<Replica> replicas) {
    Set<Object> heard = new HashSet<>();
    Map<Outcome, Integer> votes = new LinkedHashMap<>();
    int live = 0;
    for (Replica replica : replicas) {
      live += replica.live() ? 1 : 0;
      Outcome outcome = replica.outcome();
      if (outcome != null && heard.add(voter(replica))) {
        votes.merge(outcome, 1, Integer::sum);
      }
    }
    int pending = 0;
    for (Replica replica : replicas) {
      pending += replica.pending() && heard.add(voter(replica)) ? 1 : 0;
    }
    return of(votes, pending, live);
  }

  private static Tally of(Map<Outcome, Integer> votes, int pending, int live) {
    Outcome leading = null;
    int most = 0;
    boolean tied = false;
    for (var group : votes.entrySet()) {
      if (group.getValue() > most) {
        leading = group.getKey();
        most = group.getValue();
        tied = false;
      } else {
        tied |= group.getValue() == most;
      }
    }
    return new Tally(leading, most, tied, pending, live);
  }

  /** Whose say it is: an owner's, however many nodes it has. */
  private static Object voter(Replica replica) {
    return replica.owner();
  }
}
