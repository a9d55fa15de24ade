package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import xyz.openledger.pools.Explanation.Chosen;
import xyz.openledger.pools.Filter.Verdict;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.protocol.Address;

/**
 * Finds the nodes that suit a task: first who may, then who should, then a draw among those that
 * are as good.
 *
 * <pre>
 *   roster ─▶ filters ─▶ feasible ─▶ scores ─▶ within the margin of the best ─▶ drawn by HMAC
 *                                                      ▲                            │
 *                                                      └── without the owner drawn ◀┘
 * </pre>
 */
public final class Matcher {
  private final PoolTerms terms;
  private final EpochSecret secret;

  /** Matches under a pool's terms, drawing by the epoch's secret. */
  public Matcher(PoolTerms terms, EpochSecret secret) {
    this.terms = terms;
    this.secret = secret;
  }

  /**
   * Nodes for {@code count} replicas of a task; fewer if there are not as many owners that may run
   * it now. Two replicas never go to one owner.
   */
  public Placement place(Request request, Roster roster, int count) {
    return switch (roster) {
      case ListedRoster listed -> scan(request, listed, count);
      case IndexedRoster indexed -> search(request, indexed.cell(), count);
    };
  }

  private Placement scan(Request request, ListedRoster roster, int count) {
    var census = new Census(request);
    var fit = new ArrayList<Node>();
    for (Node node : roster.nodes()) {
      if (census.admits(request, node)) {
        fit.add(node);
      }
    }
    List<Node> nodes = new ArrayList<>(count);
    List<Chosen> chosen = new ArrayList<>(count);
    if (!fit.isEmpty()) {
      choose(request, new ListedCandidates(request, fit), count, nodes, chosen);
    }
    int missing = count - nodes.size();
    var explanation = new Explanation(roster.size(), census.removed(), fit.size(), chosen, missing);
    return new Placement(nodes, missing > 0 && hopeless(request, roster, count), explanation);
  }

  private Placement search(Request request, Cell cell, int count) {
    var candidates = new IndexedCandidates(cell.standings(request), request);
    List<Node> nodes = new ArrayList<>(count);
    List<Chosen> chosen = new ArrayList<>(count);
    if (candidates.size() > 0) {
      choose(request, candidates, count, nodes, chosen);
    }
    int missing = count - nodes.size();
    var explanation =
        new Explanation(cell.size(), candidates.removed(), candidates.size(), chosen, missing);
    return new Placement(nodes, missing > 0 && candidates.hopeless(count), explanation);
  }

  /** Why {@code node} may not run the task now, in words; empty if it may. */
  public static Optional<String> objection(Request request, Node node) {
    for (Filter filter : Filters.of(request.policy())) {
      switch (filter.test(request, node)) {
        case Verdict.Feasible _ -> {}
        case Verdict.NotYet(var reason) -> {
          return Optional.of(reason.text());
        }
        case Verdict.Never(var reason) -> {
          return Optional.of(reason.text());
        }
      }
    }
    return Optional.empty();
  }

  /** What the index understands of a request: a node that fails any of it cannot run it now. */
  public static List<Term> terms(Request request) {
    return Filters.of(request.policy()).stream()
        .flatMap(filter -> FilterTerms.of(filter, request).stream())
        .flatMap(List::stream)
        .toList();
  }

  private void choose(
      Request request, Candidates candidates, int count, List<Node> nodes, List<Chosen> chosen) {
    var draw = Draw.of(secret, request);
    boolean explores =
        request.agreement() > 1 && draw.below(Score.MAX) < terms.explorationBasisPoints();
    while (nodes.size() < count) {
      int newcomers = explores && nodes.isEmpty() ? candidates.newcomers() : 0;
      int size = newcomers > 0 ? newcomers : candidates.asGoodAsTheBest(terms.scoreMargin());
      if (size == 0) {
        return;
      }
      Candidates.Pick pick = candidates.pick(draw.below(size));
      Node node = pick.node();
      nodes.add(node);
      chosen.add(
          new Chosen(
              node.id(),
              node.owner(),
              pick.score(),
              size,
              newcomers > 0,
              Scores.parts(request, node, candidates.field())));
      candidates.strike(node.owner());
    }
  }

  /**
   * Whether fewer than {@code count} owners could ever run the task, as the pool stands: waiting
   * would help only if others join.
   */
  public static boolean hopeless(Request request, Roster roster, int count) {
    if (roster instanceof IndexedRoster indexed) {
      return new IndexedCandidates(indexed.cell().standings(request), request).hopeless(count);
    }
    Set<Address> owners = new HashSet<>();
    List<Filter> filters = Filters.of(request.policy());
    for (Node node : roster.nodes()) {
      boolean never =
          filters.stream().anyMatch(filter -> filter.test(request, node) instanceof Verdict.Never);
      if (!never && owners.add(node.owner()) && owners.size() >= count) {
        return false;
      }
    }
    return true;
  }
}
