package xyz.openledger.verification.dispute;

import java.util.List;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.merkle.MerkleTree;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.OperatorFacts;
import xyz.openledger.verification.matmul.TraceTree;

/** Whether a side's opening of an operator is what it committed to, of the network in question. */
final class Openings {
  private Openings() {}

  static boolean right(Matter matter, int operator, Answer answer, Digest leaf, Digest root) {
    return answer instanceof Answer.Opening opening
        && opening.facts().index() == operator
        && MerkleTree.verifyInclusion(
            opening.facts().leaf(),
            operator,
            matter.operators(),
            opening.factsPath(),
            matter.network())
        && sources(matter, opening, root)
        && TraceTree.leaf(
                opening.facts(),
                opening.sources().stream().map(Answer.Source::root).toList(),
                opening.output())
            .equals(leaf)
        && output(matter, opening);
  }

  /** Each source is the task's input, or what the trace says an earlier operator put out. */
  private static boolean sources(Matter matter, Answer.Opening opening, Digest root) {
    OperatorFacts facts = opening.facts();
    List<Answer.Source> sources = opening.sources();
    return sources.size() == (facts.takesTwo() ? 2 : 1)
        && source(matter, facts.source(), sources.getFirst(), root)
        && (!facts.takesTwo() || source(matter, facts.other(), sources.getLast(), root));
  }

  private static boolean source(Matter matter, int from, Answer.Source source, Digest root) {
    if (from == Operator.INPUT) {
      return source.root().equals(matter.input());
    }
    OperatorFacts facts = source.facts();
    return facts != null
        && facts.index() == from
        && MerkleTree.verifyInclusion(
            TraceTree.leaf(facts, source.sources(), source.root()),
            from,
            matter.operators(),
            source.path(),
            root);
  }

  private static boolean output(Matter matter, Answer.Opening opening) {
    OperatorFacts facts = opening.facts();
    var about = new About(facts, matter.rows(), List.of());
    Digest made =
        TraceTree.root(matter.rows(), facts.outColumns(), facts.outInt8() ? 1 : 4, opening.tiles());
    if (!made.equals(opening.output())) {
      return false;
    }
    byte[] tile = opening.tile();
    Answer.Halves halves = opening.halves();
    return about.tiles() == 1
        ? tile != null
            && tile.length == about.tileBytes(0)
            && MerkleTree.leafHash(tile).equals(opening.tiles())
        : tile == null
            && halves != null
            && MerkleTree.nodeHash(halves.left(), halves.right()).equals(opening.tiles());
  }
}
