package xyz.openledger.pools.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelRuntime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;

/** One of the conditions that a requirement joins by {@code &&}. */
public final class Conjunct {
  /** What changes by itself, so that a node that is no match now may be one later. */
  private static final Set<String> MOVING =
      Set.of(
          Vocabulary.NODE + Quantity.FREE_SLOTS.field(),
          Vocabulary.NODE + Quantity.REPUTATION.field(),
          Vocabulary.NODE + Quantity.ACCEPTED_REPLICAS.field());

  private final String source;
  private final boolean loose;
  private final boolean moving;
  private final List<Term> terms;
  private final List<List<Term>> cases;
  private final String place;
  private final CelRuntime.@Nullable Program residual;

  private Conjunct(
      String source,
      boolean loose,
      boolean moving,
      List<Term> terms,
      List<List<Term>> cases,
      String place,
      CelRuntime.@Nullable Program residual) {
    this.source = source;
    this.loose = loose;
    this.moving = moving;
    this.terms = terms;
    this.cases = cases;
    this.place = place;
    this.residual = residual;
  }

  /**
   * A condition.
   *
   * @param place where it stands, in words
   */
  static Conjunct of(String source, CelAbstractSyntaxTree tree, String place) {
    CelExpr condition = tree.getExpr();
    Optional<List<Term>> terms = Lowering.of(condition);
    return new Conjunct(
        source,
        condition.getKind() == CelExpr.ExprKind.Kind.CALL
            && Set.of("_||_", "_?_:_").contains(condition.call().function()),
        moves(condition),
        terms.orElse(List.of()),
        terms.isPresent() ? List.of(terms.get()) : cases(tree),
        place,
        terms.isPresent() ? null : Vocabulary.program(tree));
  }

  /** Whether an expression speaks of what changes by itself. */
  static boolean moves(CelExpr part) {
    return names(part).anyMatch(MOVING::contains);
  }

  /** What speaks of no node is evaluated here and now. */
  private static List<List<Term>> cases(CelAbstractSyntaxTree tree) {
    boolean constant = names(tree.getExpr()).noneMatch(it -> it.startsWith(Vocabulary.NODE));
    return constant && !Vocabulary.holds(Vocabulary.program(tree))
        ? List.of()
        : Cases.of(tree.getExpr());
  }

  /** The condition as text. */
  public String source() {
    return source;
  }

  /** The condition as a part of a conjunction. */
  public String asPart() {
    return loose ? "(" + source + ")" : source;
  }

  /** Whether what it speaks of changes by itself. */
  public boolean moving() {
    return moving;
  }

  /** Whether {@link #terms} say all of it. */
  public boolean lowered() {
    return residual == null;
  }

  /** What the index understands of it: all or nothing. */
  public List<Term> terms() {
    return terms;
  }

  /**
   * The ways in which it can come to hold: a node for which it does meets all terms of one. None
   * means that no node can meet it.
   */
  public List<List<Term>> cases() {
    return cases;
  }

  /** Where it stands in the expression, such as {@code line 1, column 17}. */
  public String place() {
    return place;
  }

  /** Whether it holds for {@code node}; what cannot be evaluated does not hold. */
  public boolean test(Node node) {
    if (residual != null) {
      return Vocabulary.value(residual, node).filter(Boolean.TRUE::equals).isPresent();
    }
    for (Term term : terms) {
      if (!term.test(node)) {
        return false;
      }
    }
    return true;
  }

  /** The least offset of any part, in code points. */
  static int first(CelExpr part, Map<Long, Integer> offsets) {
    int own = offsets.getOrDefault(part.id(), Integer.MAX_VALUE);
    Stream<CelExpr> inner =
        switch (part.getKind()) {
          case SELECT -> Stream.of(part.select().operand());
          case CALL -> Stream.concat(part.call().target().stream(), part.call().args().stream());
          case LIST -> part.list().elements().stream();
          case COMPREHENSION -> Stream.of(part.comprehension().iterRange());
          default -> Stream.of();
        };
    return inner.mapToInt(each -> first(each, offsets)).reduce(own, Math::min);
  }

  static Stream<String> names(CelExpr part) {
    return switch (part.getKind()) {
      case IDENT -> Stream.of(part.ident().name());
      case SELECT -> names(part.select().operand());
      case CALL ->
          Stream.concat(part.call().target().stream(), part.call().args().stream())
              .flatMap(Conjunct::names);
      case LIST -> part.list().elements().stream().flatMap(Conjunct::names);
      case COMPREHENSION ->
          Stream.of(
                  part.comprehension().iterRange(),
                  part.comprehension().loopStep(),
                  part.comprehension().result())
              .flatMap(Conjunct::names);
      default -> Stream.empty();
    };
  }
}
