package xyz.openledger.pools.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.pools.requirement.Trait;
import xyz.openledger.protocol.Amount;
import xyz.openledger.protocol.ProblemException;

/**
 * Turns what is simple enough into terms of the index: comparisons of a quantity with a number, of
 * a trait or label with text, membership, and conjunctions of these.
 *
 * <pre>
 *   node.cores >= 8 && node.region in ["eu", "ch"]   ▶  cores 8.. · region among eu, ch
 *   node.labels["tier"] != "spot"                    ▶  labelled tier · label tier not among spot
 *   node.cores * 2 > node.slots                      ▶  (not lowered)
 * </pre>
 *
 * <p>What cannot be evaluated does not hold: a comparison with a label that is not there fails in
 * CEL, so a node without it is no match for {@code !=} either, unlike in a label selector.
 */
final class Lowering {
  private Lowering() {}

  /** Terms that together hold for just those nodes for which {@code condition} is true. */
  static Optional<List<Term>> of(CelExpr condition) {
    return lower(condition, false);
  }

  /** The same of a condition that is to be true or, negated, false. */
  static Optional<List<Term>> lower(CelExpr part, boolean negated) {
    return switch (part.getKind()) {
      case CONSTANT ->
          part.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
                  && part.constant().booleanValue() != negated
              ? Optional.of(List.of())
              : Optional.empty();
      case SELECT ->
          part.select().testOnly() && isLabels(part.select().operand())
              ? term(new Term.Labelled(part.select().field(), negated))
              : Optional.empty();
      case CALL -> call(part, negated);
      default -> Optional.empty();
    };
  }

  private static Optional<List<Term>> call(CelExpr part, boolean negated) {
    List<CelExpr> args = part.call().args();
    return switch (part.call().function()) {
      case "!_" -> lower(args.getFirst(), !negated);
      case "_&&_" -> negated ? either(args, true) : both(args, false);
      case "_||_" -> negated ? both(args, true) : either(args, false);
      case "@in" -> member(args.get(0), args.get(1), negated);
      case "_==_" -> equal(args.get(0), args.get(1), negated);
      case "_!=_" -> equal(args.get(0), args.get(1), !negated);
      case "_<_" -> compare(args, negated ? ">=" : "<");
      case "_<=_" -> compare(args, negated ? ">" : "<=");
      case "_>_" -> compare(args, negated ? "<=" : ">");
      case "_>=_" -> compare(args, negated ? "<" : ">=");
      default -> Optional.empty();
    };
  }

  private static Optional<List<Term>> both(List<CelExpr> args, boolean negated) {
    var all = new ArrayList<Term>();
    for (CelExpr arg : args) {
      var terms = lower(arg, negated);
      if (terms.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(terms.get());
    }
    return Optional.of(List.copyOf(all));
  }

  /** A disjunction is one term if it is about one trait or label. */
  private static Optional<List<Term>> either(List<CelExpr> args, boolean negated) {
    var left = lower(args.get(0), negated);
    var right = lower(args.get(1), negated);
    if (left.isEmpty() || right.isEmpty() || left.get().size() != 1 || right.get().size() != 1) {
      return Optional.empty();
    }
    if (left.get().getFirst() instanceof Term.Among(var trait, var some, var not)
        && right.get().getFirst() instanceof Term.Among(var other, var more, var notOther)
        && trait == other
        && !not
        && !notOther) {
      return term(new Term.Among(trait, union(some, more), false));
    }
    if (left.get().getFirst() instanceof Term.Label(var key, var some, var not)
        && right.get().getFirst() instanceof Term.Label(var other, var more, var notOther)
        && key.equals(other)
        && !not
        && !notOther) {
      return term(new Term.Label(key, union(some, more), false));
    }
    return Optional.empty();
  }

  private static Optional<List<Term>> equal(CelExpr left, CelExpr right, boolean negated) {
    Optional<String> text = text(right).or(() -> text(left));
    if (text.isPresent()) {
      return among(text(right).isPresent() ? left : right, Set.of(text.get()), negated);
    }
    OptionalLong number = number(right);
    Optional<Quantity> quantity = quantity(left);
    if (number.isEmpty()) {
      number = number(left);
      quantity = quantity(right);
    }
    return negated || number.isEmpty() || number.getAsLong() < 0 || quantity.isEmpty()
        ? Optional.empty()
        : term(new Term.Between(quantity.get(), number.getAsLong(), number.getAsLong()));
  }

  private static Optional<List<Term>> member(CelExpr value, CelExpr of, boolean negated) {
    Optional<String> text = text(value);
    if (text.isPresent()) {
      if (isLabels(of)) {
        return term(new Term.Labelled(text.get(), negated));
      }
      return trait(of).filter(trait -> trait == Trait.ACCELERATORS).isPresent()
          ? term(new Term.Among(Trait.ACCELERATORS, Set.of(text.get()), negated))
          : Optional.empty();
    }
    if (of.getKind() != CelExpr.ExprKind.Kind.LIST) {
      return Optional.empty();
    }
    var values = new HashSet<String>();
    for (CelExpr element : of.list().elements()) {
      Optional<String> one = text(element);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      values.add(one.get());
    }
    return among(value, values, negated);
  }

  private static Optional<List<Term>> among(CelExpr of, Set<String> values, boolean negated) {
    Optional<Trait> trait = trait(of);
    if (trait.isPresent()) {
      return trait.get() == Trait.ACCELERATORS
          ? Optional.empty()
          : term(new Term.Among(trait.get(), values, negated));
    }
    Optional<String> label = label(of);
    if (label.isEmpty()) {
      return Optional.empty();
    }
    return negated
        ? Optional.of(
            List.of(
                new Term.Labelled(label.get(), false), new Term.Label(label.get(), values, true)))
        : term(new Term.Label(label.get(), values, false));
  }

  private static Optional<List<Term>> compare(List<CelExpr> args, String operator) {
    OptionalLong number = number(args.get(1));
    if (number.isPresent()) {
      return between(quantity(args.get(0)), operator, number.getAsLong());
    }
    number = number(args.get(0));
    return number.isEmpty()
        ? Optional.empty()
        : between(
            quantity(args.get(1)),
            operator.startsWith("<") ? operator.replace('<', '>') : operator.replace('>', '<'),
            number.getAsLong());
  }

  private static Optional<List<Term>> between(
      Optional<Quantity> quantity, String operator, long number) {
    if (quantity.isEmpty()) {
      return Optional.empty();
    }
    boolean upwards = operator.startsWith(">");
    boolean open = operator.length() == 1;
    // Beyond these, no quantity: left to the interpreter.
    if (upwards ? open && number == Long.MAX_VALUE : number < (open ? 1 : 0)) {
      return Optional.empty();
    }
    long bound = open ? (upwards ? Math.max(-1, number) + 1 : number - 1) : number;
    return term(
        upwards
            ? new Term.Between(quantity.get(), Math.max(0, bound), Long.MAX_VALUE)
            : new Term.Between(quantity.get(), 0, bound));
  }

  private static Optional<List<Term>> term(Term term) {
    return Optional.of(List.of(term));
  }

  private static Set<String> union(Set<String> left, Set<String> right) {
    var all = new HashSet<>(left);
    all.addAll(right);
    return all;
  }

  static Optional<Quantity> quantity(CelExpr part) {
    return name(part).flatMap(Vocabulary::quantity);
  }

  private static Optional<Trait> trait(CelExpr part) {
    return name(part).flatMap(Vocabulary::trait);
  }

  private static boolean isLabels(CelExpr part) {
    return name(part).filter(Vocabulary.LABELS::equals).isPresent();
  }

  private static Optional<String> name(CelExpr part) {
    return part.getKind() == CelExpr.ExprKind.Kind.IDENT
        ? Optional.of(part.ident().name())
        : Optional.empty();
  }

  /** The key of {@code node.labels["key"]} or {@code node.labels.key}. */
  private static Optional<String> label(CelExpr part) {
    return switch (part.getKind()) {
      case SELECT ->
          !part.select().testOnly() && isLabels(part.select().operand())
              ? Optional.of(part.select().field())
              : Optional.empty();
      case CALL ->
          part.call().function().equals("_[_]") && isLabels(part.call().args().getFirst())
              ? text(part.call().args().get(1))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  static Optional<String> text(CelExpr part) {
    return part.getKind() == CelExpr.ExprKind.Kind.CONSTANT
            && part.constant().getKind() == CelConstant.Kind.STRING_VALUE
        ? Optional.of(part.constant().stringValue())
        : Optional.empty();
  }

  /** A number that is known before any node is: a constant, or computed of constants. */
  static OptionalLong number(CelExpr part) {
    if (part.getKind() == CelExpr.ExprKind.Kind.CONSTANT) {
      return part.constant().getKind() == CelConstant.Kind.INT64_VALUE
          ? OptionalLong.of(part.constant().int64Value())
          : OptionalLong.empty();
    }
    if (part.getKind() != CelExpr.ExprKind.Kind.CALL) {
      return OptionalLong.empty();
    }
    List<CelExpr> args = part.call().args();
    if (part.call().function().equals(Vocabulary.QUANTITY)) {
      return text(args.getFirst())
          .map(text -> OptionalLong.of(whole(text)))
          .orElse(OptionalLong.empty());
    }
    var numbers = new ArrayList<Long>();
    for (CelExpr arg : args) {
      OptionalLong number = number(arg);
      if (number.isEmpty()) {
        return OptionalLong.empty();
      }
      numbers.add(number.getAsLong());
    }
    try {
      return switch (part.call().function()) {
        case "-_" -> OptionalLong.of(Math.negateExact(numbers.getFirst()));
        case "_+_" -> OptionalLong.of(Math.addExact(numbers.get(0), numbers.get(1)));
        case "_-_" -> OptionalLong.of(Math.subtractExact(numbers.get(0), numbers.get(1)));
        case "_*_" -> OptionalLong.of(Math.multiplyExact(numbers.get(0), numbers.get(1)));
        default -> OptionalLong.empty();
      };
    } catch (ArithmeticException overflows) {
      return OptionalLong.empty();
    }
  }

  private static long whole(String text) {
    try {
      return Amount.quantity(Vocabulary.QUANTITY, text);
    } catch (ProblemException impossible) {
      throw new AssertionError("Bounds has read it before", impossible);
    }
  }
}
