package xyz.openledger.pools;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.expression.Conjunct;
import xyz.openledger.pools.expression.Requirement;
import xyz.openledger.pools.expression.Scoring;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.ProblemException;

/**
 * The nodes of a pool: those that its {@code admit} lets work, and those that are there and do not
 * meet it. Immutable.
 */
public final class Membership {
  /** No nodes, and everyone would be admitted. */
  public static final Membership OPEN =
      new Membership(_ -> true, _ -> Score.MAX, Roster.EMPTY, Roster.EMPTY);

  private final Predicate<Node> admit;
  private final ToIntFunction<Node> prefer;
  private final Roster admitted;
  private final Roster outside;

  private Membership(
      Predicate<Node> admit, ToIntFunction<Node> prefer, Roster admitted, Roster outside) {
    this.admit = admit;
    this.prefer = prefer;
    this.admitted = admitted;
    this.outside = outside;
  }

  /**
   * Reads what a pool asks of its nodes.
   *
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request} for {@code admit},
   *     pointing at the character; also if it speaks of what changes from one task to the next, or
   *     if no node could ever meet it
   */
  public static Requirement requirement(String expression) {
    Requirement requirement = Requirement.compile("admit", expression);
    for (Conjunct conjunct : requirement.conjuncts()) {
      if (conjunct.moving()) {
        throw Check.refusal(
            "admit",
            "'%s' speaks of what changes from one task to the next; say what a node is, not how it stands"
                .formatted(conjunct.source()));
      }
    }
    Contradictions.in("admit", requirement)
        .ifPresent(
            contradiction -> {
              throw Check.refusal("admit", "admits nobody: " + contradiction);
            });
    return requirement;
  }

  /**
   * Reads how much a pool likes nodes.
   *
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request} for {@code prefer},
   *     pointing at the character; also if it speaks of what changes from one task to the next
   */
  public static Scoring preference(String expression) {
    Scoring scoring = Scoring.compile("prefer", expression);
    if (scoring.moving()) {
      throw Check.refusal(
          "prefer",
          "'%s' speaks of what changes from one task to the next; say what a node is, not how it stands"
              .formatted(expression));
    }
    return scoring;
  }

  /**
   * The same nodes under another {@code admit}; null admits everyone, and one that cannot be read
   * here nobody, since another release may have taken it.
   */
  public Membership under(@Nullable String expression) {
    return under(expression, null);
  }

  /**
   * The same under another {@code prefer} too; null likes all alike, as does what is unreadable.
   */
  public Membership under(@Nullable String expression, @Nullable String preferred) {
    Membership sorted =
        new Membership(predicate(expression), liking(preferred), Roster.EMPTY, Roster.EMPTY);
    for (Node node : admitted.nodes()) {
      sorted = sorted.with(node);
    }
    for (Node node : outside.nodes()) {
      sorted = sorted.with(node);
    }
    return sorted;
  }

  private static ToIntFunction<Node> liking(@Nullable String expression) {
    if (expression == null) {
      return _ -> Score.MAX;
    }
    try {
      return preference(expression)::of;
    } catch (ProblemException unreadable) {
      return _ -> Score.MAX;
    }
  }

  private static Predicate<Node> predicate(@Nullable String expression) {
    if (expression == null) {
      return _ -> true;
    }
    try {
      return requirement(expression)::test;
    } catch (ProblemException unreadable) {
      return _ -> false;
    }
  }

  /** The same with this node added, or in the place of the one with its id. */
  public Membership with(Node node) {
    Node liked = node.liked(prefer.applyAsInt(node));
    return admit.test(node)
        ? new Membership(admit, prefer, admitted.with(liked), outside.without(node.id()))
        : new Membership(admit, prefer, admitted.without(node.id()), outside.with(liked));
  }

  /** The same without that node. */
  public Membership without(NodeId id) {
    return new Membership(admit, prefer, admitted.without(id), outside.without(id));
  }

  /** The nodes that may work. */
  public Roster admitted() {
    return admitted;
  }

  /** How many do not meet what the pool asks. */
  public int outside() {
    return outside.size();
  }

  /** The node with that id, admitted or not. */
  public Optional<Node> find(NodeId id) {
    return admitted.find(id).or(() -> outside.find(id));
  }
}
