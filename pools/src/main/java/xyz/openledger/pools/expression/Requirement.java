package xyz.openledger.pools.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSource;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelUnparser;
import dev.cel.parser.CelUnparserFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.protocol.Check;

/**
 * What {@code require:} asks of a node: the conditions that it joins by {@code &&}, each lowered to
 * terms of the index where that says all of it, and interpreted otherwise.
 */
public record Requirement(List<Conjunct> conjuncts) {
  /** The most conditions. */
  private static final int CONJUNCTS_MAX = 32;

  /** Keeps its own copy. */
  public Requirement {
    conjuncts = List.copyOf(conjuncts);
  }

  /**
   * Reads an expression.
   *
   * @param field what refusals name
   * @throws xyz.openledger.protocol.ProblemException {@code invalid-request}, pointing at the
   *     character
   */
  public static Requirement compile(String field, String source) {
    CelAbstractSyntaxTree tree = Vocabulary.condition(field, source);
    List<CelExpr> parts = parts(tree.getExpr()).toList();
    if (parts.size() > CONJUNCTS_MAX) {
      throw Check.refusal(
          field,
          "joins %d conditions by &&, %d are allowed".formatted(parts.size(), CONJUNCTS_MAX));
    }
    List<String> places = places(source);
    if (parts.size() == 1) {
      return new Requirement(List.of(Conjunct.of(source.strip(), tree, places.getFirst())));
    }
    var conjuncts = new ArrayList<Conjunct>();
    for (CelExpr part : parts) {
      String text = text(part, tree.getSource());
      String place = places.get(conjuncts.size());
      conjuncts.add(Conjunct.of(text, Vocabulary.condition(field, text), place));
    }
    return new Requirement(conjuncts);
  }

  /** Where each part begins: checking forgets where what stands before a dot was. */
  private static List<String> places(String source) {
    CelAbstractSyntaxTree parsed = Vocabulary.parsed(source);
    Map<Long, Integer> offsets = parsed.getSource().getPositionsMap();
    return parts(parsed.getExpr())
        .map(part -> Complaint.place(source, Conjunct.first(part, offsets)))
        .toList();
  }

  /** Loads all that expressions need, which takes a second the first time. */
  public static void warmUp() {
    compile("warm-up", "node.cores >= 1 && node.accelerators.all(a, a != node.region)");
  }

  /** Whether all of it holds for {@code node}. */
  public boolean test(Node node) {
    return conjuncts.stream().allMatch(conjunct -> conjunct.test(node));
  }

  /** What the index understands of it: what it leaves out is in {@link #residual}. */
  public List<Term> terms() {
    return conjuncts.stream().flatMap(conjunct -> conjunct.terms().stream()).toList();
  }

  /** What has to be interpreted, for the nodes that meet the terms. */
  public List<Conjunct> residual() {
    return conjuncts.stream().filter(conjunct -> !conjunct.lowered()).toList();
  }

  /** These conditions as one expression. */
  public static String join(List<Conjunct> conjuncts) {
    return conjuncts.stream().map(Conjunct::asPart).collect(Collectors.joining(" && "));
  }

  private static Stream<CelExpr> parts(CelExpr part) {
    return part.getKind() == CelExpr.ExprKind.Kind.CALL && part.call().function().equals("_&&_")
        ? part.call().args().stream().flatMap(Requirement::parts)
        : Stream.of(part);
  }

  private static String text(CelExpr part, CelSource source) {
    CelUnparser unparser = CelUnparserFactory.newUnparser();
    return unparser.unparse(CelAbstractSyntaxTree.newParsedAst(part, source));
  }
}
