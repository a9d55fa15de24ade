package xyz.openledger.pools.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.Set;
import xyz.openledger.protocol.Amount;
import xyz.openledger.protocol.ProblemException;

/**
 * Keeps expressions to whole numbers, known functions, and a cost that is known before anything
 * runs. One step is one visit of one part of the expression; a loop costs its body times the most
 * rounds it can take.
 */
final class Bounds {
  /** The most steps that an expression may take for one node. */
  static final long STEPS_MAX = 10_000;

  /** The most elements that a list or map of a node is taken to have. */
  private static final long ELEMENTS_MAX = 64;

  private static final long TEXT_STEPS = 8;
  private static final int NESTING_MAX = 48;

  private static final Set<String> OPERATORS =
      Set.of(
          "_&&_",
          "_||_",
          "!_",
          "_==_",
          "_!=_",
          "_<_",
          "_<=_",
          "_>_",
          "_>=_",
          "@in",
          "_?_:_",
          "_+_",
          "_-_",
          "-_",
          "_*_",
          "_/_",
          "_%_",
          "_[_]",
          "@not_strictly_false",
          "size");
  private static final Set<String> ON_TEXT =
      Set.of("startsWith", "endsWith", "contains", Vocabulary.QUANTITY);

  private final String field;
  private final String source;
  private final CelAbstractSyntaxTree tree;
  private long dearestLoop;
  private int dearestOffset;

  private Bounds(String field, String source, CelAbstractSyntaxTree tree) {
    this.field = field;
    this.source = source;
    this.tree = tree;
  }

  static void check(String field, String source, CelAbstractSyntaxTree tree) {
    var bounds = new Bounds(field, source, tree);
    long steps = bounds.steps(tree.getExpr(), 0);
    if (steps > STEPS_MAX) {
      throw Complaint.at(
          field,
          source,
          bounds.dearestOffset,
          "may take %d steps for one node, and %d are allowed; its dearest loop takes %d"
              .formatted(steps, STEPS_MAX, bounds.dearestLoop));
    }
  }

  private long steps(CelExpr part, int depth) {
    if (depth > NESTING_MAX) {
      throw refusal(part, "is nested more than %d levels deep".formatted(NESTING_MAX));
    }
    return switch (part.getKind()) {
      case CONSTANT -> constant(part);
      case IDENT -> 1;
      case SELECT -> plus(1, steps(part.select().operand(), depth + 1));
      case CALL -> call(part, depth);
      case LIST -> {
        long sum = 1;
        for (CelExpr element : part.list().elements()) {
          sum = plus(sum, steps(element, depth + 1));
        }
        yield sum;
      }
      case COMPREHENSION -> loop(part, depth);
      default -> throw refusal(part, "objects and maps cannot be made here");
    };
  }

  private long constant(CelExpr part) {
    return switch (part.constant().getKind()) {
      case INT64_VALUE, BOOLEAN_VALUE, STRING_VALUE -> 1;
      case DOUBLE_VALUE ->
          throw refusal(part, "is a fraction; expressions compute in whole numbers");
      default -> throw refusal(part, "is neither a whole number nor text nor true or false");
    };
  }

  private long call(CelExpr part, int depth) {
    String function = part.call().function();
    boolean text = ON_TEXT.contains(function);
    if (!text && !OPERATORS.contains(function)) {
      throw refusal(part, "the function %s is not offered here".formatted(function));
    }
    if (function.equals(Vocabulary.QUANTITY)) {
      quantity(part);
    }
    long sum = text ? TEXT_STEPS : 1;
    if (part.call().target().isPresent()) {
      sum = plus(sum, steps(part.call().target().get(), depth + 1));
    }
    for (CelExpr argument : part.call().args()) {
      sum = plus(sum, steps(argument, depth + 1));
    }
    return sum;
  }

  /** So that a wrong quantity is told when the policy is read, not when it is evaluated. */
  private void quantity(CelExpr part) {
    CelExpr argument = part.call().args().getFirst();
    if (argument.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
      throw refusal(part, "quantity takes text in quotes, such as quantity(\"16Gi\")");
    }
    try {
      Amount.quantity(field, argument.constant().stringValue());
    } catch (ProblemException wrong) {
      throw refusal(argument, wrong.detail());
    }
  }

  private long loop(CelExpr part, int depth) {
    var loop = part.comprehension();
    long body = plus(steps(loop.loopCondition(), depth + 1), steps(loop.loopStep(), depth + 1));
    long rounds = times(size(loop.iterRange()), body);
    long all =
        plus(
            plus(steps(loop.iterRange(), depth + 1), rounds),
            plus(steps(loop.accuInit(), depth + 1), steps(loop.result(), depth + 1)));
    if (all > dearestLoop) {
      dearestLoop = all;
      dearestOffset = offset(part);
    }
    return all;
  }

  /** The most elements of a list. */
  private static long size(CelExpr list) {
    return switch (list.getKind()) {
      case LIST -> list.list().elements().size();
      case COMPREHENSION -> size(list.comprehension().iterRange());
      case CALL -> {
        long sum = 0;
        for (CelExpr argument : list.call().args()) {
          sum = plus(sum, size(argument));
        }
        yield sum;
      }
      case CONSTANT -> list.constant().getKind() == CelConstant.Kind.STRING_VALUE ? 0 : 1;
      default -> ELEMENTS_MAX;
    };
  }

  private ProblemException refusal(CelExpr part, String sentence) {
    return Complaint.at(field, source, offset(part), sentence);
  }

  private int offset(CelExpr part) {
    return tree.getSource().getPositionsMap().getOrDefault(part.id(), 0);
  }

  private static long plus(long left, long right) {
    return Math.min(Integer.MAX_VALUE, left + right);
  }

  private static long times(long left, long right) {
    return Math.min(Integer.MAX_VALUE, left * right);
  }
}
