package xyz.openledger.pools;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xyz.openledger.pools.expression.Conjunct;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Policy;
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

  /**
   * That a chip vouches for the node's answers, under a root and with a program and versions that
   * the policy lists, as the node's labels say: who says so wrongly is refused by its evidence.
   */
  record Attested(Policy.Attestation attestation, List<Term> labels) implements Condition {
    private static final String ROOT = "openledger.attestation-root";
    private static final String MEASUREMENT = "openledger.attestation-measurement";
    private static final String VERSIONS = "openledger.attestation-versions";

    /** Labels are shorter than digests, so they have their beginnings. */
    private static final int LETTERS = 32;

    static Attested of(Policy.Attestation attestation) {
      return new Attested(
          attestation,
          List.of(
              new Term.Label(ROOT, starts(attestation.roots().stream().map(Digest::hex)), false),
              new Term.Label(MEASUREMENT, starts(attestation.measurements().stream()), false)));
    }

    private static Set<String> starts(Stream<String> digests) {
      return digests.map(hex -> hex.substring(0, LETTERS)).collect(Collectors.toSet());
    }

    @Override
    public Clause clause() {
      return Clause.ATTESTATION;
    }

    @Override
    public String words() {
      return "its chip attests a listed program and version under one of "
          + attestation.roots().stream().map(Digest::toString).collect(Collectors.joining(", "));
    }

    @Override
    public boolean moving() {
      return false;
    }

    @Override
    public List<Term> terms() {
      return lowered() ? labels : List.of();
    }

    @Override
    public boolean lowered() {
      return attestation.securityVersionsMin() == null;
    }

    @Override
    public boolean test(Node node) {
      List<Integer> least = attestation.securityVersionsMin();
      String said = node.traits().labels().getOrDefault(VERSIONS, "");
      return labels.stream().allMatch(term -> term.test(node))
          && (least == null || reach(said, least));
    }

    /** Whether versions such as {@code 3.0.8.115} are each at least these. */
    private static boolean reach(String said, List<Integer> least) {
      List<String> versions = List.of(said.split("\\.", -1));
      for (int i = 0; i < least.size(); i++) {
        if (i >= versions.size()
            || !versions.get(i).matches("[0-9]{1,3}")
            || Integer.parseInt(versions.get(i)) < least.get(i)) {
          return false;
        }
      }
      return true;
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
