package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.expression.Conjunct;
import xyz.openledger.pools.expression.Requirement;
import xyz.openledger.pools.expression.Scoring;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ProblemException;

/** What a policy says in words of its own, read once: labels it selects, conditions, a score. */
public final class Conditions {
  private static final int REMEMBERED_MAX = 1_024;
  private static final Conditions NONE = new Conditions(List.of(), Filters.ALL, Scores.ALL, null);

  /** Reading takes a millisecond, and one policy is asked about for each of its tasks. */
  private static final Map<Words, Conditions> REMEMBERED =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Words, Conditions> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  private record Words(
      @Nullable String require,
      Policy.@Nullable Preference prefer,
      @Nullable List<Policy.LabelRequirement> selector,
      Policy.@Nullable Attestation attestation) {}

  private static final Words UNSAID = new Words(null, null, null, null);

  private final List<Condition> all;
  private final List<Filter> filters;
  private final List<Score> scores;

  private final @Nullable ProblemException refusal;

  private Conditions(
      List<Condition> all,
      List<Filter> filters,
      List<Score> scores,
      @Nullable ProblemException refusal) {
    this.all = all;
    this.filters = filters;
    this.scores = scores;
    this.refusal = refusal;
  }

  /**
   * What a policy says.
   *
   * @throws ProblemException {@code invalid-request}, pointing at the character
   */
  public static Conditions compile(Policy policy) {
    Conditions conditions = of(policy);
    ProblemException refusal = conditions.refusal;
    if (refusal != null) {
      throw new ProblemException(refusal.problem(), refusal.field(), refusal.detail());
    }
    return conditions;
  }

  /** The same; what cannot be read fits no node. */
  static Conditions of(Policy policy) {
    var words =
        new Words(
            policy.require(),
            policy.prefer(),
            policy.selector(),
            policy.verification().attestation());
    if (words.equals(UNSAID)) {
      return NONE;
    }
    Conditions known;
    synchronized (REMEMBERED) {
      known = REMEMBERED.get(words);
    }
    if (known == null) {
      // Outside the lock: whoever has read it before need not wait for another's expression.
      known = read(policy);
      synchronized (REMEMBERED) {
        REMEMBERED.put(words, known);
      }
    }
    return known;
  }

  private static Conditions read(Policy policy) {
    try {
      var all = new ArrayList<Condition>();
      Policy.Attestation attestation = policy.verification().attestation();
      if (attestation != null) {
        all.add(Condition.Attested.of(attestation));
      }
      policy.labels().forEach(label -> all.add(Condition.Selected.of(label)));
      String require = policy.require();
      if (require != null) {
        for (Conjunct conjunct : Requirement.compile("require", require).conjuncts()) {
          all.add(new Condition.Required(conjunct));
        }
      }
      return new Conditions(
          List.copyOf(all), all.isEmpty() ? Filters.ALL : inOrder(all), scores(policy), null);
    } catch (ProblemException refusal) {
      var unreadable = new Filters.Unreadable(String.valueOf(refusal.getMessage()));
      return new Conditions(
          List.of(),
          Stream.concat(Stream.of(unreadable), Filters.ALL.stream()).toList(),
          Scores.ALL,
          refusal);
    }
  }

  private static List<Score> scores(Policy policy) {
    Policy.Preference prefer = policy.prefer();
    return prefer == null
        ? Scores.ALL
        : Stream.concat(
                Scores.ALL.stream(),
                Stream.of(
                    new Scores.Preferred(
                        Scoring.compile("prefer.score", prefer.score()), prefer.weight())))
            .toList();
  }

  /** Never before not yet, and what is interpreted last. */
  private static List<Filter> inOrder(List<Condition> conditions) {
    var filters = new ArrayList<Filter>();
    Filters.ALL.stream()
        .filter(it -> it.clause().compareTo(Clause.OWNER) < 0)
        .forEach(filters::add);
    conditions.stream()
        .filter(it -> it.lowered() && !it.moving())
        .forEach(it -> filters.add(new Filters.Holds(it)));
    Filters.ALL.stream()
        .filter(it -> it.clause().compareTo(Clause.OWNER) >= 0)
        .forEach(filters::add);
    conditions.stream()
        .filter(it -> it.lowered() && it.moving())
        .forEach(it -> filters.add(new Filters.Holds(it)));
    conditions.stream()
        .filter(it -> !it.lowered())
        .forEach(it -> filters.add(new Filters.Holds(it)));
    return List.copyOf(filters);
  }

  /** One by one, as the policy says them. */
  public List<Condition> all() {
    return all;
  }

  /** What the index understands of them. */
  public List<Term> terms() {
    return all.stream().flatMap(condition -> condition.terms().stream()).toList();
  }

  /** What has to be interpreted, for the nodes that meet the terms. */
  public List<Condition> residual() {
    return all.stream().filter(condition -> !condition.lowered()).toList();
  }

  List<Filter> filters() {
    return filters;
  }

  List<Score> scores() {
    return scores;
  }
}
