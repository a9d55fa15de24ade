package xyz.openledger.pools.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.runtime.CelRuntime;
import xyz.openledger.pools.Node;

/** What {@code prefer:} thinks of a node: a whole number from 0 to 10,000, the more the better. */
public final class Scoring {
  private static final long BEST = 10_000;

  private final CelRuntime.Program program;

  private final boolean moving;

  private Scoring(CelAbstractSyntaxTree tree) {
    this.program = Vocabulary.program(tree);
    this.moving = Conjunct.moves(tree.getExpr());
  }

  /**
   * Reads an expression.
   *
   * @param field what refusals name
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request}, pointing at the
   *     character
   */
  public static Scoring compile(String field, String source) {
    return new Scoring(Vocabulary.score(field, source));
  }

  /** Whether what it speaks of changes by itself. */
  public boolean moving() {
    return moving;
  }

  /** The score; beyond the ends it is the end, and what cannot be evaluated is 0. */
  public int of(Node node) {
    return Vocabulary.value(program, node)
        .map(value -> value instanceof Long score ? (int) Math.clamp(score, 0, BEST) : 0)
        .orElse(0);
  }
}
