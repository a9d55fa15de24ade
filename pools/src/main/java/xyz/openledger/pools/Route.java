package xyz.openledger.pools;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import xyz.openledger.protocol.PoolId;

/** Which pools may serve a job, best first, or why none ever can. */
public sealed interface Route {

  /**
   * At least one pool may serve it.
   *
   * @param pools best first
   * @param refused the others
   */
  record Ranked(List<Choice> pools, List<Refusal> refused) implements Route {}

  /** No pool, as they stand, can ever serve it. */
  record Unsatisfiable(List<Refusal> refused) implements Route {
    /** By how many pools each clause is not met; a pool counts once for each clause it fails. */
    public Map<Clause, Integer> counts() {
      var counts = new EnumMap<Clause, Integer>(Clause.class);
      refused.forEach(
          pool -> pool.objections().forEach(it -> counts.merge(it.clause(), 1, Integer::sum)));
      return counts;
    }

    /** The same as a sentence. */
    public String detail() {
      return "of %d pools, none can serve this: %s"
          .formatted(
              refused.size(),
              counts().entrySet().stream()
                  .map(
                      count -> "%s fails in %d".formatted(count.getKey().label(), count.getValue()))
                  .collect(Collectors.joining(", ")));
    }
  }

  /**
   * A pool that may serve it.
   *
   * @param score the weighted mean of the parts less the backlog, 0 to 10,000
   * @param parts how well its best figures do
   * @param backlog what its queue takes off: 5,000 × queued / (queued + slots)
   * @param reputable whether it has a node of the reputation asked; if not, the job may wait long,
   *     and such pools come last
   * @param holds how much of what the task needs its nodes hold, in words; empty if nothing is
   *     known
   */
  record Choice(
      PoolId pool,
      String name,
      int score,
      List<Explanation.Part> parts,
      int backlog,
      boolean reputable,
      String holds) {}

  /** A pool that cannot serve it, and why. */
  record Refusal(PoolId pool, String name, List<Objection> objections) {}

  /** A clause that a pool does not meet, in words. */
  record Objection(Clause clause, String reason) {}
}
