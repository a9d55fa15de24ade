package xyz.openledger.models.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import xyz.openledger.models.adapters.AdapterStore;

/**
 * Decides what the next step computes: who is let in, and how many tokens of whom. A function of
 * what it is told, so that it can be simulated.
 *
 * <p>Who is let in has room for its longest answer, so nobody is thrown out later. Among those who
 * wait, the tenant that was served least is next; if there is no room for it, nobody overtakes it.
 */
final class BatchPlanner {
  /** How far ahead it says who will be let in. */
  static final int NEXT_MAX = AdapterStore.AHEAD_MAX;

  private BatchPlanner() {}

  /**
   * A request that waits.
   *
   * @param id in order of arrival
   * @param pages that it would take from those available
   */
  record Waiting(long id, String tenant, int pages) {}

  /**
   * A request that was let in.
   *
   * @param pending tokens to compute before the next can be chosen; at least 1
   * @param prompt whether these are of its prompt, which may be computed in pieces
   */
  record Running(long id, String tenant, int pending, boolean prompt) {}

  /**
   * What there is.
   *
   * @param served what each tenant with work was given so far; absent is 0
   */
  record Situation(
      List<Waiting> waiting, List<Running> running, int availablePages, Map<String, Long> served) {}

  /**
   * What is done.
   *
   * @param admitted in this order
   * @param next who will be let in after them, as things stand; at most {@link #NEXT_MAX}
   * @param rows how many tokens of each running request
   */
  record Plan(List<Long> admitted, List<Long> next, Map<Long, Integer> rows) {}

  static Plan plan(Situation now, EngineSettings settings) {
    var admitted = new ArrayList<Long>();
    var next = new ArrayList<Long>();
    admit(now, settings, admitted, next);
    return new Plan(admitted, next, rows(now, settings));
  }

  private static void admit(
      Situation now, EngineSettings settings, List<Long> admitted, List<Long> after) {
    var queues = new HashMap<String, List<Waiting>>();
    for (Waiting one : now.waiting()) {
      queues.computeIfAbsent(one.tenant(), _ -> new ArrayList<>()).add(one);
    }
    queues.values().forEach(queue -> queue.sort(Comparator.comparingLong(Waiting::id)));
    var served = new HashMap<String, Long>(now.served());
    var next = new HashMap<String, Integer>();
    int pages = now.availablePages();
    int room = settings.sequencesMax() - now.running().size();
    while (after.size() < NEXT_MAX) {
      Waiting first = least(queues, next, served);
      if (first == null) {
        break;
      }
      boolean enters = after.isEmpty() && room > 0 && first.pages() <= pages;
      (enters ? admitted : after).add(first.id());
      pages -= first.pages();
      room--;
      next.merge(first.tenant(), 1, Integer::sum);
      // As if it had been served already: tenants take turns within one admission, too.
      served.merge(first.tenant(), (long) Math.max(1, first.pages()), Long::sum);
    }
  }

  private static @org.jspecify.annotations.Nullable Waiting least(
      Map<String, List<Waiting>> queues, Map<String, Integer> next, Map<String, Long> served) {
    Waiting best = null;
    long least = Long.MAX_VALUE;
    for (var queue : queues.entrySet()) {
      int at = next.getOrDefault(queue.getKey(), 0);
      if (at >= queue.getValue().size()) {
        continue;
      }
      Waiting first = queue.getValue().get(at);
      long mine = served.getOrDefault(queue.getKey(), 0L);
      if (best == null || mine < least || (mine == least && first.id() < best.id())) {
        best = first;
        least = mine;
      }
    }
    return best;
  }

  /** One row for everyone that answers; what is left goes to prompts, the least served first. */
  private static Map<Long, Integer> rows(Situation now, EngineSettings settings) {
    var rows = new LinkedHashMap<Long, Integer>();
    int left = settings.rowsPerStep();
    var prompts = new ArrayList<Running>();
    for (Running one : now.running()) {
      if (one.prompt()) {
        prompts.add(one);
      } else if (left > 0) {
        rows.put(one.id(), 1);
        left--;
      }
    }
    prompts.sort(
        Comparator.comparingLong((Running one) -> now.served().getOrDefault(one.tenant(), 0L))
            .thenComparingLong(Running::id));
    for (Running one : prompts) {
      int take = Math.min(left, one.pending());
      if (take > 0) {
        rows.put(one.id(), take);
        left -= take;
      }
    }
    return rows;
  }
}
