package xyz.openledger.pools;

import java.util.List;
import java.util.Set;
import xyz.openledger.pools.expression.Conjunct;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.protocol.Policy.LabelRequirement;

/**
 * One thing that a policy asks of a node beside its limits: a requirement of its selector, or one
 * of the conditions that its expression joins by {@code &&}.
 */
public sealed interface Condition {
  /** Which clause it belongs to. */
  Clause clause();

  /** It in words of the policy. */
  String words();

  /** Whether a node that does not meet it may meet it later. */
  boolean moving();

  /** What the index understands of it: all, or nothing. */
  List<Term> terms();

  /** Whether the terms say all of it. */
  boolean lowered();

  /** Whether {@code node} meets it. */
  boolean test(Node node);

  /** A condition of {@code require}. */
  record Required(Conjunct conjunct) implements Condition {
    @Override
    public Clause clause() {
      return Clause.REQUIRE;
    }

    @Override
    public String words() {
      return conjunct.source();
    }

    @Override
    public boolean moving() {
      return conjunct.moving();
    }

    @Override
    public List<Term> terms() {
      return conjunct.terms();
    }

    @Override
    public boolean lowered() {
      return conjunct.lowered();
    }

    @Override
    public boolean test(Node node) {
      return conjunct.test(node);
    }
  }

  /** A requirement of {@code selector}. */
  record Selected(LabelRequirement requirement, Term term) implements Condition {
    static Selected of(LabelRequirement requirement) {
      String key = requirement.key();
      Set<String> values = Set.copyOf(requirement.among());
      return new Selected(
          requirement,
          switch (requirement.operator()) {
            case IN -> new Term.Label(key, values, false);
            case NOT_IN -> new Term.Label(key, values, true);
            case EXISTS -> new Term.Labelled(key, false);
            case DOES_NOT_EXIST -> new Term.Labelled(key, true);
          });
    }

    @Override
    public Clause clause() {
      return Clause.SELECTOR;
    }

    @Override
    public String words() {
      String start = requirement.key() + " " + requirement.operator().word();
      return requirement.among().isEmpty()
          ? start
          : start + " " + String.join(", ", requirement.among());
    }

    @Override
    public boolean moving() {
      return false;
    }

    @Override
    public List<Term> terms() {
      return List.of(term);
    }

    @Override
    public boolean lowered() {
      return true;
    }

    @Override
    public boolean test(Node node) {
      return term.test(node);
    }
  }
}
