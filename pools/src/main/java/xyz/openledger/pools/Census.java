package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.pools.Filter.Verdict;

/** Counts which clause keeps how many nodes from a task: the first that each fails. */
final class Census {
  private final Request request;
  private final List<Filter> filters;
  private final int[] notYet;
  private final int[] never;

  Census(Request request) {
    this.request = request;
    filters = Filters.of(request.policy());
    notYet = new int[filters.size()];
    never = new int[filters.size()];
  }

  /** Whether all filters let the node pass. */
  boolean admits(Request request, Node node) {
    for (int i = 0; i < filters.size(); i++) {
      switch (filters.get(i).test(request, node)) {
        case Verdict.Feasible _ -> {}
        case Verdict.NotYet _ -> {
          notYet[i]++;
          return false;
        }
        case Verdict.Never _ -> {
          never[i]++;
          return false;
        }
      }
    }
    return true;
  }

  /** The clauses that removed any. */
  List<Explanation.Removed> removed() {
    var removed = new ArrayList<Explanation.Removed>();
    for (int i = 0; i < never.length; i++) {
      if (notYet[i] + never[i] > 0) {
        Filter filter = filters.get(i);
        removed.add(
            new Explanation.Removed(filter.clause(), filter.words(request), notYet[i], never[i]));
      }
    }
    return removed;
  }
}
