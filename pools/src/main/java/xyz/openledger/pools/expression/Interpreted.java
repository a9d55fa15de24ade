package xyz.openledger.pools.expression;

import dev.cel.runtime.CelRuntime;
import xyz.openledger.pools.Node;

/**
 * A whole {@code require:}, interpreted as it stands: neither taken apart nor lowered to the index.
 * Slow, and independent of both: what matching finds is held against it.
 */
public final class Interpreted {
  private final CelRuntime.Program program;

  private Interpreted(CelRuntime.Program program) {
    this.program = program;
  }

  /**
   * Reads an expression.
   *
   * @param field what refusals name
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request}, pointing at the
   *     character
   */
  public static Interpreted of(String field, String source) {
    return new Interpreted(Vocabulary.program(Vocabulary.condition(field, source)));
  }

  /** Whether it holds for {@code node}; what cannot be evaluated does not hold. */
  public boolean test(Node node) {
    return Vocabulary.value(program, node).filter(Boolean.TRUE::equals).isPresent();
  }
}
