package xyz.openledger.pools.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;

/**
 * The ways in which a condition can come to hold, as far as terms can tell: every node for which it
 * holds meets all terms of at least one way. So no way at all means that no node can meet it, and
 * whatever is not understood is a way that asks nothing.
 *
 * <pre>
 *   node.cores != 4                    ▶  cores ..3  |  cores 5..
 *   node.cores < 0 || 'a' == 'b'       ▶  (none)
 *   node.region.startsWith('eu')       ▶  (anything)
 * </pre>
 */
final class Cases {
  /** Beyond so many ways a condition is not understood. */
  private static final int MAX = 64;

  private static final List<List<Term>> ANY = List.of(List.of());
  private static final List<List<Term>> NONE = List.of();

  private Cases() {}

  /** Both bounds included. */
  private record Range(long min, long max) {}

  /** The ways in which {@code condition} is true. */
  static List<List<Term>> of(CelExpr condition) {
    return ways(condition, false);
  }

  /** The ways in which it is true or, negated, false; what fails to evaluate is neither. */
  private static List<List<Term>> ways(CelExpr part, boolean negated) {
    Optional<List<Term>> terms = Lowering.lower(part, negated);
    if (terms.isPresent()) {
      return List.of(terms.get());
    }
    return switch (part.getKind()) {
      case CONSTANT -> part.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE ? NONE : ANY;
      case CALL -> call(part.call().function(), part.call().args(), negated);
      default -> ANY;
    };
  }

  private static List<List<Term>> call(String function, List<CelExpr> args, boolean negated) {
    return switch (function) {
      case "!_" -> ways(args.getFirst(), !negated);
      case "_&&_" -> negated ? either(args, true) : both(args, false);
      case "_||_" -> negated ? both(args, true) : either(args, false);
      case "_?_:_" ->
          union(
              product(ways(args.get(0), false), ways(args.get(1), negated)),
              product(ways(args.get(0), true), ways(args.get(2), negated)));
      case "@in" -> negated ? ANY : member(args.get(0), args.get(1));
      case "_==_" -> equal(args, negated);
      case "_!=_" -> equal(args, !negated);
      case "_<_" -> less(args.get(0), args.get(1), negated);
      case "_<=_" -> less(args.get(1), args.get(0), !negated);
      case "_>_" -> less(args.get(1), args.get(0), negated);
      case "_>=_" -> less(args.get(0), args.get(1), !negated);
      default -> ANY;
    };
  }

  private static List<List<Term>> both(List<CelExpr> args, boolean negated) {
    return product(ways(args.get(0), negated), ways(args.get(1), negated));
  }

  private static List<List<Term>> either(List<CelExpr> args, boolean negated) {
    return union(ways(args.get(0), negated), ways(args.get(1), negated));
  }

  private static List<List<Term>> union(List<List<Term>> left, List<List<Term>> right) {
    return left.size() + right.size() > MAX
        ? ANY
        : Stream.concat(left.stream(), right.stream()).toList();
  }

  private static List<List<Term>> product(List<List<Term>> left, List<List<Term>> right) {
    if ((long) left.size() * right.size() > MAX) {
      // Either alone says less than both, which is safe.
      return left.size() <= right.size() ? left : right;
    }
    var all = new ArrayList<List<Term>>();
    for (List<Term> one : left) {
      for (List<Term> other : right) {
        all.add(Stream.concat(one.stream(), other.stream()).toList());
      }
    }
    return List.copyOf(all);
  }

  /** One of some numbers. */
  private static List<List<Term>> member(CelExpr value, CelExpr of) {
    Optional<Quantity> quantity = Lowering.quantity(value);
    if (quantity.isEmpty() || of.getKind() != CelExpr.ExprKind.Kind.LIST) {
      return ANY;
    }
    var all = new ArrayList<List<Term>>();
    for (CelExpr element : of.list().elements()) {
      OptionalLong number = Lowering.number(element);
      if (number.isEmpty() || all.size() == MAX) {
        return ANY;
      }
      all.addAll(within(quantity.get(), number.getAsLong(), number.getAsLong()));
    }
    return List.copyOf(all);
  }

  private static List<List<Term>> equal(List<CelExpr> args, boolean negated) {
    Optional<String> left = Lowering.text(args.get(0));
    Optional<String> right = Lowering.text(args.get(1));
    if (left.isPresent() && right.isPresent()) {
      return left.equals(right) == negated ? NONE : ANY;
    }
    OptionalLong number = Lowering.number(args.get(1));
    Optional<Quantity> quantity = Lowering.quantity(args.get(0));
    if (number.isEmpty()) {
      number = Lowering.number(args.get(0));
      quantity = Lowering.quantity(args.get(1));
    }
    if (number.isPresent() && quantity.isPresent()) {
      long value = number.getAsLong();
      return negated
          ? union(
              value == Long.MIN_VALUE ? NONE : within(quantity.get(), 0, value - 1),
              value == Long.MAX_VALUE ? NONE : within(quantity.get(), value + 1, Long.MAX_VALUE))
          : within(quantity.get(), value, value);
    }
    Range one = range(args.get(0));
    Range other = range(args.get(1));
    if (one == null || other == null) {
      return ANY;
    }
    boolean apart = one.max() < other.min() || other.max() < one.min();
    boolean same = one.min() == one.max() && one.equals(other);
    return (negated ? same : apart) ? NONE : ANY;
  }

  /** That {@code small} is less than {@code large}; or, negated, that it is not. */
  private static List<List<Term>> less(CelExpr small, CelExpr large, boolean negated) {
    Range one = range(small);
    Range other = range(large);
    boolean never =
        one != null
            && other != null
            && (negated ? one.max() < other.min() : one.min() >= other.max());
    return never ? NONE : ANY;
  }

  private static List<List<Term>> within(Quantity quantity, long min, long max) {
    return max < 0 || min > max
        ? NONE
        : List.of(List.of(new Term.Between(quantity, Math.max(0, min), max)));
  }

  /** What a whole number may be, whichever node; null if that is not known. */
  private static @Nullable Range range(CelExpr part) {
    OptionalLong number = Lowering.number(part);
    if (number.isPresent()) {
      return new Range(number.getAsLong(), number.getAsLong());
    }
    Optional<Quantity> quantity = Lowering.quantity(part);
    if (quantity.isPresent()) {
      return new Range(quantity.get().least(), quantity.get().most());
    }
    if (part.getKind() != CelExpr.ExprKind.Kind.CALL || part.call().args().size() != 2) {
      return null;
    }
    Range left = range(part.call().args().get(0));
    Range right = range(part.call().args().get(1));
    return left == null || right == null ? null : computed(part.call().function(), left, right);
  }

  private static @Nullable Range computed(String function, Range left, Range right) {
    try {
      return switch (function) {
        case "_+_" ->
            new Range(
                Math.addExact(left.min(), right.min()), Math.addExact(left.max(), right.max()));
        case "_-_" ->
            new Range(
                Math.subtractExact(left.min(), right.max()),
                Math.subtractExact(left.max(), right.min()));
        case "_*_" -> {
          long[] corners = {
            Math.multiplyExact(left.min(), right.min()),
            Math.multiplyExact(left.min(), right.max()),
            Math.multiplyExact(left.max(), right.min()),
            Math.multiplyExact(left.max(), right.max())
          };
          Arrays.sort(corners);
          yield new Range(corners[0], corners[3]);
        }
        default -> null;
      };
    } catch (ArithmeticException overflows) {
      return null;
    }
  }
}
