package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.pools.requirement.Trait;

/**
 * What the nodes of a pool are, in bounded space: the range of each quantity, the commonest words
 * of each trait and of each label with how many nodes have them. It never says less than there is,
 * so a pool of which it says that no node meets a term has none.
 *
 * @param nodes how many it speaks of
 * @param known false if there were too many to look at: then it rules nothing out
 * @param ranges of quantities, by name
 * @param traits by name
 * @param labels by key, the commonest keys
 * @param otherLabels whether there are keys beside those
 */
public record Sketch(
    int nodes,
    boolean known,
    Map<String, Range> ranges,
    Map<String, Words> traits,
    Map<String, Words> labels,
    boolean otherLabels) {
  /** The most nodes that are looked at: a summary is made twice a second. */
  static final int NODES_MAX = 4_096;

  private static final int WORDS_MAX = 32;
  private static final int KEYS_MAX = 32;

  /** Nothing is known. */
  public static final Sketch UNKNOWN =
      new Sketch(Integer.MAX_VALUE, false, Map.of(), Map.of(), Map.of(), true);

  /** From the least to the most there is. */
  public record Range(long min, long max) {}

  /**
   * Words that nodes have of one trait or label.
   *
   * @param counts how many nodes have each, the commonest words
   * @param others at most so many nodes have a word beside those
   */
  public record Words(Map<String, Integer> counts, int others) {
    private long among(Iterable<String> values) {
      long sum = others;
      for (String value : values) {
        sum += counts.getOrDefault(value, 0);
      }
      return sum;
    }

    /** Nodes that surely have one of them. */
    private long surely(Iterable<String> values, boolean single) {
      long sum = 0;
      for (String value : values) {
        int count = counts.getOrDefault(value, 0);
        sum = single ? sum + count : Math.max(sum, count);
      }
      return sum;
    }

    private long all() {
      return others + counts.values().stream().mapToLong(Integer::longValue).sum();
    }
  }

  /** Looks at nodes. */
  static Sketch of(List<Node> nodes) {
    if (nodes.size() > NODES_MAX) {
      return UNKNOWN;
    }
    Map<String, Range> ranges = new TreeMap<>();
    Map<String, Map<String, Integer>> traits = new TreeMap<>();
    Map<String, Map<String, Integer>> labels = new HashMap<>();
    for (Node node : nodes) {
      for (Quantity quantity : Quantity.values()) {
        long value = quantity.of(node);
        ranges.merge(
            quantity.field(),
            new Range(value, value),
            (left, right) ->
                new Range(Math.min(left.min(), right.min()), Math.max(left.max(), right.max())));
      }
      for (Trait trait : Trait.values()) {
        Map<String, Integer> counts = traits.computeIfAbsent(trait.field(), _ -> new HashMap<>());
        trait.of(node).stream().distinct().forEach(word -> counts.merge(word, 1, Integer::sum));
      }
      node.traits()
          .labels()
          .forEach(
              (key, value) ->
                  labels.computeIfAbsent(key, _ -> new HashMap<>()).merge(value, 1, Integer::sum));
    }
    Map<String, Words> words = new TreeMap<>();
    traits.forEach((name, counts) -> words.put(name, words(counts)));
    Map<String, Words> commonest = new TreeMap<>();
    labels.entrySet().stream()
        .sorted(
            Comparator.comparingInt(
                    (Map.Entry<String, Map<String, Integer>> it) -> -sum(it.getValue()))
                .thenComparing(Map.Entry::getKey))
        .limit(KEYS_MAX)
        .forEach(it -> commonest.put(it.getKey(), words(it.getValue())));
    return new Sketch(
        nodes.size(), true, ranges, words, commonest, commonest.size() < labels.size());
  }

  private static Words words(Map<String, Integer> counts) {
    var sorted = new ArrayList<>(counts.entrySet());
    sorted.sort(
        Comparator.comparingInt((Map.Entry<String, Integer> it) -> -it.getValue())
            .thenComparing(Map.Entry::getKey));
    Map<String, Integer> kept = new TreeMap<>();
    int others = 0;
    for (Map.Entry<String, Integer> word : sorted) {
      if (kept.size() < WORDS_MAX) {
        kept.put(word.getKey(), word.getValue());
      } else {
        others += word.getValue();
      }
    }
    return new Words(kept, others);
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** How many nodes meet all of {@code terms} at the most. */
  public long most(List<Term> terms) {
    long most = nodes;
    for (Term term : terms) {
      most = Math.min(most, most(term));
    }
    return Math.max(0, most);
  }

  private long most(Term term) {
    if (!known) {
      return nodes;
    }
    return switch (term) {
      case Term.Between(var quantity, var min, var max) -> {
        Range range = ranges.get(quantity.field());
        yield range == null || range.max() < min || range.min() > max ? 0 : nodes;
      }
      case Term.Among(var trait, var values, var negated) -> {
        Words words = traits.get(trait.field());
        yield words == null
            ? 0
            : negated
                ? nodes - words.surely(values, trait != Trait.ACCELERATORS)
                : words.among(values);
      }
      case Term.Label(var key, var values, var negated) -> {
        Words words = labels.get(key);
        yield words == null
            ? (negated || otherLabels ? nodes : 0)
            : negated ? nodes - words.surely(values, true) : words.among(values);
      }
      case Term.Labelled(var key, var negated) -> {
        Words words = labels.get(key);
        yield words == null
            ? (negated || otherLabels ? nodes : 0)
            : negated ? nodes - words.all() : words.all();
      }
    };
  }
}
