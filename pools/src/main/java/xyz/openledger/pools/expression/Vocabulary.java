package xyz.openledger.pools.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelVariableResolver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Trait;
import xyz.openledger.protocol.Amount;
import xyz.openledger.protocol.Policy;

/**
 * What expressions may speak of: the quantities and traits of a node by their names, its labels,
 * and {@code quantity("16Gi")}. Loading CEL takes about a second, so nothing loads it that does not
 * have an expression in hand.
 */
final class Vocabulary {
  static final String NODE = "node.";
  static final String LABELS = NODE + "labels";
  static final String QUANTITY = "quantity";

  /** The most rounds of all loops of one evaluation. */
  private static final int ITERATIONS_MAX = 1_000;

  private static final int NESTING_MAX = 24;

  private static final Map<String, Quantity> QUANTITIES = new HashMap<>();
  private static final Map<String, Trait> TRAITS = new HashMap<>();
  private static final Map<String, Function<Node, Object>> VALUES = new HashMap<>();

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .populateMacroCalls(true)
          .comprehensionMaxIterations(ITERATIONS_MAX)
          .maxExpressionCodePointSize(Policy.EXPRESSION_LETTERS_MAX)
          .maxParseRecursionDepth(NESTING_MAX)
          .build();

  static {
    for (Quantity quantity : Quantity.values()) {
      QUANTITIES.put(NODE + quantity.field(), quantity);
      VALUES.put(NODE + quantity.field(), quantity::of);
    }
    for (Trait trait : Trait.values()) {
      TRAITS.put(NODE + trait.field(), trait);
      VALUES.put(
          NODE + trait.field(),
          trait == Trait.ACCELERATORS ? trait::of : node -> trait.of(node).getFirst());
    }
    VALUES.put(LABELS, node -> node.traits().labels());
  }

  private static final CelCompiler CONDITIONS = compiler(SimpleType.BOOL);
  private static final CelCompiler SCORES = compiler(SimpleType.INT);

  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.plannerRuntimeBuilder()
          .setOptions(OPTIONS)
          .addFunctionBindings(
              CelFunctionBinding.fromOverloads(
                  QUANTITY,
                  List.of(
                      CelFunctionBinding.from(
                          "quantity_string",
                          String.class,
                          text -> Amount.quantity(QUANTITY, text)))))
          .build();

  private Vocabulary() {}

  /** The language itself, without anything to speak of. */
  static CelCompilerBuilder language() {
    return CelCompilerFactory.standardCelCompilerBuilder()
        .setOptions(OPTIONS)
        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
        .addFunctionDeclarations(
            CelFunctionDecl.newFunctionDeclaration(
                QUANTITY,
                CelOverloadDecl.newGlobalOverload(
                    "quantity_string", SimpleType.INT, SimpleType.STRING)));
  }

  private static CelCompiler compiler(CelType result) {
    CelCompilerBuilder builder =
        language()
            .addVar(LABELS, MapType.create(SimpleType.STRING, SimpleType.STRING))
            .setResultType(result);
    QUANTITIES.keySet().forEach(name -> builder.addVar(name, SimpleType.INT));
    TRAITS.forEach(
        (name, trait) ->
            builder.addVar(
                name,
                trait == Trait.ACCELERATORS
                    ? ListType.create(SimpleType.STRING)
                    : SimpleType.STRING));
    return builder.build();
  }

  /** The checked tree of a condition. */
  static CelAbstractSyntaxTree condition(String field, String source) {
    return checked(field, source, CONDITIONS);
  }

  /** The tree of a condition that is well formed, as it was written. */
  static CelAbstractSyntaxTree parsed(String source) {
    try {
      return CONDITIONS.parse(source).getAst();
    } catch (CelValidationException impossible) {
      throw new AssertionError("it was checked before", impossible);
    }
  }

  /** The checked tree of a score. */
  static CelAbstractSyntaxTree score(String field, String source) {
    return checked(field, source, SCORES);
  }

  static CelAbstractSyntaxTree checked(String field, String source, CelCompiler compiler) {
    CelValidationResult result = compiler.compile(source);
    if (result.hasError()) {
      throw Complaint.of(field, source, result.getErrors().getFirst());
    }
    try {
      CelAbstractSyntaxTree tree = result.getAst();
      Bounds.check(field, source, tree);
      return tree;
    } catch (CelValidationException impossible) {
      throw new AssertionError("a result without errors has a tree", impossible);
    }
  }

  static CelRuntime.Program program(CelAbstractSyntaxTree tree) {
    try {
      return RUNTIME.createProgram(tree);
    } catch (CelEvaluationException impossible) {
      throw new AssertionError("a checked tree can be planned", impossible);
    }
  }

  /** Whether {@code program}, which speaks of no node, says true; what fails does not. */
  static boolean holds(CelRuntime.Program program) {
    try {
      return Boolean.TRUE.equals(program.eval());
    } catch (CelEvaluationException _) {
      return false;
    }
  }

  /** What {@code program} says of {@code node}; empty where it fails, as for a label not there. */
  static Optional<Object> value(CelRuntime.Program program, Node node) {
    CelVariableResolver facts =
        name -> Optional.ofNullable(VALUES.get(name)).map(value -> value.apply(node));
    try {
      return Optional.of(program.eval(facts));
    } catch (CelEvaluationException _) {
      return Optional.empty();
    }
  }

  static Optional<Quantity> quantity(String name) {
    return Optional.ofNullable(QUANTITIES.get(name));
  }

  static Optional<Trait> trait(String name) {
    return Optional.ofNullable(TRAITS.get(name));
  }

  /** The fields of {@code node}, sorted. */
  static String fields() {
    var fields = new TreeSet<String>();
    VALUES.keySet().forEach(name -> fields.add(name.substring(NODE.length())));
    return String.join(", ", fields);
  }
}
