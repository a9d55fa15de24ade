package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import xyz.openledger.pools.Explanation.Chosen;
import xyz.openledger.pools.Filter.Verdict;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Policy;

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
  /** Of how many nodes {@link #worth} is asked at the most. */
  public static final int WORTH_NODES_MAX = 512;

  private final PoolTerms terms;
  private final EpochSecret secret;

  /**
   * Methods that believe a result by what its node has earned, and a newcomer has earned nothing.
   */
  private static final Set<Policy.Method> EARNED =
      Set.of(Policy.Method.ADAPTIVE, Policy.Method.TRUST);

  private final Locality locality;

  /** Matches under a pool's terms, drawing by the epoch's secret. */
  public Matcher(PoolTerms terms, EpochSecret secret) {
    this(terms, secret, Locality.NONE);
  }

  /** The same, preferring nodes that hold what a task needs. */
  public Matcher(PoolTerms terms, EpochSecret secret, Locality locality) {
    this.terms = terms;
    this.secret = secret;
    this.locality = locality;
  }

  /**
   * Nodes for {@code count} replicas of a task; fewer if there are not as many owners that may run
   * it now. Two replicas never go to one owner.
   */
  public Placement place(Request request, Roster roster, int count) {
    return switch (roster) {
      case ListedRoster listed -> scan(request, listed, count);
      case IndexedRoster indexed -> search(request, indexed, count);
    };
  }

  private Placement scan(Request request, ListedRoster roster, int count) {
    var census = new Census(request);
    var candidates = new ArrayList<Node>();
    var spreading = Spreading.of(request, roster);
    for (Node node : roster.nodes()) {
      if (census.admits(request, node) && spreading.admits(node)) {
        candidates.add(node);
      }
    }
    List<Node> nodes = new ArrayList<>(count);
    List<Chosen> chosen = new ArrayList<>(count);
    if (!candidates.isEmpty()) {
      var listed = new ListedCandidates(request, candidates, locality, spreading);
      choose(request, listed, count, spreading, Draw.of(secret, request), nodes, chosen);
    }
    int missing = count - nodes.size();
    var explanation =
        new Explanation(
            roster.size(), spreading.removed(census.removed()), candidates.size(), chosen, missing);
    return new Placement(nodes, missing > 0 && hopeless(request, roster, count), explanation);
  }

  private Placement search(Request request, IndexedRoster roster, int count) {
    Cell cell = roster.cell();
    var spreading = Spreading.of(request, roster);
    Request kind = Kinds.of(request, cell);
    if (spreading.isIdle() && locality.isIdle(request)) {
      Placement soon = cell.sampled(kind).map(it -> sample(request, it, count)).orElse(null);
      if (soon != null && soon.explanation().missing() == 0) {
        return soon;
      }
    }
    var candidates = new IndexedCandidates(cell.standingsOf(kind), request, locality, spreading);
    int feasible = candidates.size();
    List<Node> nodes = new ArrayList<>(count);
    List<Chosen> chosen = new ArrayList<>(count);
    if (feasible > 0) {
      choose(request, candidates, count, spreading, Draw.of(secret, request), nodes, chosen);
    }
    int missing = count - nodes.size();
    var explanation = new Explanation(cell.size(), candidates.removed(), feasible, chosen, missing);
    return new Placement(nodes, missing > 0 && candidates.hopeless(count), explanation);
  }

  /** Nodes of a part of the cell: fewer than asked for say nothing of the rest. */
  private Placement sample(Request request, Sampled sampled, int count) {
    Draw draw = Draw.of(secret, request);
    SampledCandidates candidates = sampled.candidates(request, draw);
    List<Node> nodes = new ArrayList<>(count);
    List<Chosen> chosen = new ArrayList<>(count);
    choose(request, candidates, count, Spreading.NONE, draw, nodes, chosen);
    var explanation =
        new Explanation(
            candidates.considered(),
            candidates.removed(),
            candidates.size(),
            chosen,
            count - nodes.size());
    return new Placement(nodes, false, explanation);
  }

  /**
   * How good the best node that is free is for a task, of all that could ever run it: 0 to 10,000.
   * A task to which it matters little which node it gets has the same worth everywhere. It looks at
   * each node: not meant for more than {@link #WORTH_NODES_MAX}.
   */
  public int worth(Request request, Roster roster) {
    var able = new ArrayList<Node>();
    for (Node node : roster.nodes()) {
      if (!never(request, node)) {
        able.add(node);
      }
    }
    var field = Score.Field.of(request, able);
    int best = 0;
    int ideal = 1;
    for (Node node : able) {
      int score = locality.score(request, node, Scores.total(request, node, field));
      ideal = Math.max(ideal, score);
      if (node.offeredSlots() > 0 && objection(request, node).isEmpty()) {
        best = Math.max(best, score);
      }
    }
    return (int) ((long) Score.MAX * best / ideal);
  }

  private static boolean never(Request request, Node node) {
    for (Filter filter : Filters.of(request.policy())) {
      if (filter.test(request, node) instanceof Verdict.Never) {
        return true;
      }
    }
    return false;
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

  /**
   * What the index understands of a request: a node that fails any of it cannot run it now. Of
   * prices only what is true of nodes at their own.
   */
  public static List<Term> terms(Request request) {
    boolean own = ResourceClass.of(request).equals(ResourceClass.WASM);
    return Filters.of(request.policy()).stream()
        .filter(filter -> own || filter.clause() != Clause.PRICE)
        .flatMap(filter -> FilterTerms.of(filter, request).stream())
        .flatMap(List::stream)
        .toList();
  }

  private void choose(
      Request request,
      Candidates candidates,
      int count,
      Spreading spreading,
      Draw draw,
      List<Node> nodes,
      List<Chosen> chosen) {
    boolean explores =
        isCheckedBeforeItCounts(request) && draw.below(Score.MAX) < terms.explorationBasisPoints();
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
              Scores.parts(request, node, candidates.field()),
              Locality.joined(
                  Locality.joined(locality.words(request, node), spreading.words(node)),
                  Locality.joined(Liking.words(request, node), DataFilters.shown(request, node)))));
      candidates.took(node);
    }
  }

  /** Whether what a newcomer says of it counts for nothing until others have said the same. */
  private static boolean isCheckedBeforeItCounts(Request request) {
    var verification = request.policy().verification();
    return !Boolean.TRUE.equals(verification.answersFirst())
        && (request.agreement() > 1 || EARNED.contains(verification.method()));
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
