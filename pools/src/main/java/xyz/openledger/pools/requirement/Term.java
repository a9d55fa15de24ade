package xyz.openledger.pools.requirement;

import java.util.Collections;
import java.util.Set;
import xyz.openledger.pools.Node;

/**
 * One thing asked of a node, simple enough for the index. A conjunction of terms is a list of them.
 */
public sealed interface Term {
  /** Whether {@code node} meets it: what any faster way of asking must agree with. */
  boolean test(Node node);

  /**
   * A quantity within bounds, both included.
   *
   * @param min 0 for none
   * @param max {@link Long#MAX_VALUE} for none
   */
  record Between(Quantity quantity, long min, long max) implements Term {
    @Override
    public boolean test(Node node) {
      long value = quantity.of(node);
      return min <= value && value <= max;
    }
  }

  /** At least one word of a trait among these; or, negated, none. */
  record Among(Trait trait, Set<String> values, boolean negated) implements Term {
    /** Keeps its own copy. */
    public Among {
      values = Set.copyOf(values);
    }

    @Override
    public boolean test(Node node) {
      return negated == Collections.disjoint(trait.of(node), values);
    }
  }

  /**
   * A label with one of these values; or, negated, not: then a node without the label meets it, as
   * in the label selectors of Kubernetes.
   */
  record Label(String key, Set<String> values, boolean negated) implements Term {
    /** Keeps its own copy. */
    public Label {
      values = Set.copyOf(values);
    }

    @Override
    public boolean test(Node node) {
      String value = node.traits().labels().get(key);
      return negated != (value != null && values.contains(value));
    }
  }

  /** A label with any value; or, negated, none of that key. */
  record Labelled(String key, boolean negated) implements Term {
    @Override
    public boolean test(Node node) {
      return negated != node.traits().labels().containsKey(key);
    }
  }
}
