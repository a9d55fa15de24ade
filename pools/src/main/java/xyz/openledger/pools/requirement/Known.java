package xyz.openledger.pools.requirement;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What terms that a node meets tell of it: bounds of its quantities, words of its traits, its
 * labels. Tells when no node can be so. Changed in place.
 */
final class Known {
  private record Range(long min, long max) {}

  /**
   * Of a word, or a label.
   *
   * @param among what it is one of; null for anything
   * @param not what it is not
   */
  private record Words(@Nullable Set<String> among, Set<String> not) {
    static final Words ANY = new Words(null, Set.of());

    Words and(Set<String> values, boolean negated) {
      if (negated) {
        var more = new HashSet<>(not);
        more.addAll(values);
        return new Words(among, more);
      }
      var fewer = new HashSet<>(values);
      if (among != null) {
        fewer.retainAll(among);
      }
      return new Words(fewer, not);
    }

    boolean none() {
      return among != null && not.containsAll(among);
    }
  }

  private final Map<Quantity, Range> ranges = new HashMap<>();
  private final Map<Trait, Words> words = new HashMap<>();
  private final Map<String, Words> labels = new HashMap<>();
  private final Map<String, Boolean> labelled = new HashMap<>();
  private final Set<Set<String>> accelerators = new HashSet<>();

  /** The same, to go on with apart. */
  Known copy() {
    var copy = new Known();
    copy.ranges.putAll(ranges);
    copy.words.putAll(words);
    copy.labels.putAll(labels);
    copy.labelled.putAll(labelled);
    copy.accelerators.addAll(accelerators);
    return copy;
  }

  /** Whether some node could still be so, and meet these terms too. */
  boolean learn(List<Term> terms) {
    for (Term term : terms) {
      if (!learn(term)) {
        return false;
      }
    }
    return true;
  }

  private boolean learn(Term term) {
    return switch (term) {
      case Term.Between(var quantity, var min, var max) -> within(quantity, min, max);
      case Term.Among(var trait, var values, var negated) when trait == Trait.ACCELERATORS ->
          several(values, negated);
      case Term.Among(var trait, var values, var negated) ->
          !words
              .merge(trait, Words.ANY.and(values, negated), (was, _) -> was.and(values, negated))
              .none();
      case Term.Label(var key, var values, var negated) -> {
        Words now = labels.getOrDefault(key, Words.ANY).and(values, negated);
        labels.put(key, now);
        // Without the label it is none of those values either.
        yield (negated || there(key, true)) && !now.none();
      }
      case Term.Labelled(var key, var negated) -> there(key, !negated);
    };
  }

  private boolean within(Quantity quantity, long min, long max) {
    Range was = ranges.getOrDefault(quantity, new Range(quantity.least(), quantity.most()));
    long least = Math.max(was.min(), min);
    long most = Math.min(was.max(), max);
    var now = new Range(least, most);
    ranges.put(quantity, now);
    // No node has more slots free than it has.
    Range slots = ranges.get(Quantity.SLOTS);
    Range free = ranges.get(Quantity.FREE_SLOTS);
    return now.min() <= now.max() && (slots == null || free == null || free.min() <= slots.max());
  }

  /** Of the trait that may be several words: what it is not is kept under it. */
  private boolean several(Set<String> values, boolean negated) {
    if (negated) {
      words.merge(
          Trait.ACCELERATORS, Words.ANY.and(values, true), (was, _) -> was.and(values, true));
    } else {
      accelerators.add(values);
    }
    Set<String> not = words.getOrDefault(Trait.ACCELERATORS, Words.ANY).not();
    return accelerators.stream().noneMatch(not::containsAll);
  }

  private boolean there(String key, boolean is) {
    return labelled.merge(key, is, (was, _) -> was) == is;
  }
}
