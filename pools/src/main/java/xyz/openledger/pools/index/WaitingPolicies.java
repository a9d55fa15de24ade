package xyz.openledger.pools.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import xyz.openledger.nativekernels.Kernels;
import xyz.openledger.nativekernels.MatchKernel;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.pools.requirement.Trait;

/**
 * Policies that wait for a node, by what they ask. Quantities and the traits that are one word go
 * by bitmaps; labels, accelerators and what is negated are asked of the node for the classes that
 * are left.
 *
 * @param <T> what waits
 */
public final class WaitingPolicies<T> {
  private static final List<Quantity> QUANTITIES = List.of(Quantity.values());
  private static final List<Trait> TRAITS =
      List.of(Trait.REGION, Trait.OWNER, Trait.ARCHITECTURE, Trait.OPERATING_SYSTEM, Trait.SANDBOX);

  private static final int BUCKETS = 32;
  private static final int SAMPLE = 4_096;

  /** No policy asks for that word. */
  private static final int UNKNOWN = -1;

  private record Beyond(List<Term> terms) implements Predicate<Object> {
    @Override
    public boolean test(Object node) {
      return node instanceof Node asked && terms.stream().allMatch(term -> term.test(asked));
    }
  }

  private final WaitingClasses<T> classes;
  private final Map<Trait, Map<String, Integer>> words = new EnumMap<>(Trait.class);

  /** Nothing waits. Ordered columns are cut where the nodes of {@code index} now are. */
  public WaitingPolicies(NodeIndex index, int classesMax) {
    this(index, classesMax, Kernels.match());
  }

  WaitingPolicies(NodeIndex index, int classesMax, MatchKernel kernel) {
    var columns = new ArrayList<Schema.Column>();
    var boundaries = new int[QUANTITIES.size() + TRAITS.size()][];
    for (Quantity quantity : QUANTITIES) {
      boundaries[columns.size()] = cuts(index, quantity);
      columns.add(new Schema.Column.Ordered());
    }
    for (Trait trait : TRAITS) {
      boundaries[columns.size()] = new int[0];
      columns.add(new Schema.Column.Words(Schema.WORDS_MAX));
      words.put(trait, new HashMap<>());
    }
    classes = new WaitingClasses<>(new Schema(columns), boundaries, classesMax, kernel);
  }

  /** More than the index itself has: a question reads one bitmap of a column, however many. */
  private static int[] cuts(NodeIndex index, Quantity quantity) {
    int step = Math.max(1, index.rows() / SAMPLE);
    int[] sample =
        IntStream.iterate(0, row -> row < index.rows(), row -> row + step)
            .filter(index::isLive)
            .map(row -> Code.of(quantity.of(index.node(row))))
            .sorted()
            .toArray();
    return IntStream.range(1, BUCKETS)
        .filter(_ -> sample.length > 0)
        .map(i -> sample[(int) ((long) sample.length * i / BUCKETS)])
        .filter(cut -> cut > 0)
        .distinct()
        .toArray();
  }

  /** A policy waits; answers its class. */
  public int add(List<Term> terms, long sequence, T ticket) {
    var asked = new HashSet<Integer>();
    var among = new ArrayList<Demand.Among>();
    var between = new ArrayList<Demand.Between>();
    var beyond = new ArrayList<Term>();
    for (Term term : terms) {
      switch (term) {
        case Term.Between(Quantity quantity, long min, long max)
            when min <= max
                && max >= 0
                && between.size() < Demand.RANGES_MAX
                && asked.add(NodeIndex.column(quantity)) -> {
          int low = Code.of(Math.max(0, min));
          int high = Code.of(max);
          between.add(new Demand.Between(NodeIndex.column(quantity), low, high));
          if (Code.lowest(low) != Math.max(0, min) || Code.highest(high) != max) {
            beyond.add(term);
          }
        }
        case Term.Among(Trait trait, Set<String> values, boolean negated)
            when !negated
                && TRAITS.contains(trait)
                && fits(trait, values)
                && asked.add(column(trait)) ->
            among.add(new Demand.Among(column(trait), numbers(trait, values)));
        default -> beyond.add(term);
      }
    }
    return classes.add(
        new Demand(among, between, !beyond.isEmpty()),
        beyond.isEmpty() ? null : new Beyond(List.copyOf(beyond)),
        sequence,
        ticket);
  }

  private static int column(Trait trait) {
    return QUANTITIES.size() + TRAITS.indexOf(trait);
  }

  private boolean fits(Trait trait, Set<String> values) {
    Map<String, Integer> known = known(trait);
    long fresh = values.stream().filter(value -> !known.containsKey(value)).count();
    return known.size() + fresh <= Schema.WORDS_MAX;
  }

  private Map<String, Integer> known(Trait trait) {
    return words.getOrDefault(trait, Map.of());
  }

  private Set<Integer> numbers(Trait trait, Set<String> values) {
    Map<String, Integer> known = known(trait);
    return values.stream()
        .map(value -> known.computeIfAbsent(value, _ -> known.size()))
        .collect(Collectors.toSet());
  }

  /** The policy of that class waits no longer; false if it did not. */
  public boolean remove(int policyClass, T ticket) {
    return classes.remove(policyClass, ticket);
  }

  /** The policies that a node satisfies as it is, oldest first, at most so many. */
  public List<T> satisfied(Node node, int limit) {
    var codes = new int[QUANTITIES.size() + TRAITS.size()];
    Arrays.setAll(
        codes,
        column ->
            column < QUANTITIES.size()
                ? Code.of(QUANTITIES.get(column).of(node))
                : word(TRAITS.get(column - QUANTITIES.size()), node));
    return classes.satisfied(codes, node, limit);
  }

  private int word(Trait trait, Node node) {
    return known(trait).getOrDefault(trait.of(node).getFirst(), UNKNOWN);
  }

  /** Policies that wait. */
  public int size() {
    return classes.size();
  }

  /** Different demands among them. */
  public int classes() {
    return classes.classes();
  }
}
