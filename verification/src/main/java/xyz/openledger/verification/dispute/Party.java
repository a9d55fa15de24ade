package xyz.openledger.verification.dispute;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.merkle.MerkleTree;
import xyz.openledger.verification.matmul.Network;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.OperatorFacts;
import xyz.openledger.verification.matmul.Tensor;
import xyz.openledger.verification.matmul.TraceTree;

/** One side with its whole trace: answers what the referee asks, truthfully about that trace. */
public final class Party {
  private final Network network;
  private final Tensor.Int8 input;
  private final List<Tensor> outputs;
  private final TraceTree tree;
  private final List<Digest> factLeaves;

  /** A side that claims these outputs. */
  public Party(Network network, Tensor.Int8 input, List<Tensor> outputs) {
    this.network = network;
    this.input = input;
    this.outputs = List.copyOf(outputs);
    this.tree = TraceTree.of(network, input, outputs);
    this.factLeaves = tree.facts().stream().map(OperatorFacts::leaf).toList();
  }

  /** What it has committed to. */
  public Digest root() {
    return tree.root();
  }

  /** What it says the dispute is about. */
  public Matter matter() {
    return new Matter(OperatorFacts.root(tree.facts()), outputs.size(), input.rows(), tree.input());
  }

  /** Its answer. */
  public Answer answer(Query query) {
    return switch (query) {
      case Query.OperatorHalves(int from, int to) -> halves(tree.leaves(), from, to);
      case Query.OperatorOpening(int operator) -> opening(operator);
      case Query.TileHalves(int operator, int from, int to) ->
          halves(TraceTree.tiles(outputs.get(operator)), from, to);
      case Query.TileOpening(int operator, int tile) ->
          new Answer.Tile(outputs.get(operator).tile(tile));
      case Query.Running(int operator, int place, int chunk) ->
          new Answer.Value(running(operator, place, chunk));
      case Query.Numbers(int operator, int place, int chunk, int before) ->
          numbers(operator, place, chunk, before);
    };
  }

  private static Answer.Halves halves(List<Digest> leaves, int from, int to) {
    int middle = from + Integer.highestOneBit(to - from - 1);
    return new Answer.Halves(
        MerkleTree.root(leaves.subList(from, middle)), MerkleTree.root(leaves.subList(middle, to)));
  }

  private Answer.Opening opening(int operator) {
    OperatorFacts facts = tree.facts().get(operator);
    List<Digest> tiles = TraceTree.tiles(outputs.get(operator));
    var sources = new ArrayList<Answer.Source>();
    sources.add(source(facts.source()));
    if (facts.takesTwo()) {
      sources.add(source(facts.other()));
    }
    return new Answer.Opening(
        facts,
        MerkleTree.inclusionProof(factLeaves, operator),
        sources,
        tree.outputs().get(operator),
        MerkleTree.root(tiles),
        tiles.size() > 1 ? halves(tiles, 0, tiles.size()) : null,
        tiles.size() > 1 ? null : outputs.get(operator).tile(0));
  }

  private Answer.Source source(int source) {
    if (source == Operator.INPUT) {
      return new Answer.Source(tree.input(), null, List.of(), List.of());
    }
    OperatorFacts facts = tree.facts().get(source);
    return new Answer.Source(
        tree.outputs().get(source),
        facts,
        TraceTree.sources(facts, tree.input(), tree.outputs()),
        MerkleTree.inclusionProof(tree.leaves(), source));
  }

  private Tensor tensor(OperatorFacts facts, Answer.Of of) {
    int source = of == Answer.Of.SECOND ? facts.other() : facts.source();
    if (of == Answer.Of.PARAMETERS) {
      Tensor parameters = OperatorFacts.parameterTensor(network.operators().get(facts.index()));
      if (parameters == null) {
        throw new IllegalArgumentException("an operator without parameters");
      }
      return parameters;
    }
    return source == Operator.INPUT ? input : outputs.get(source);
  }

  private int running(int operator, int place, int chunk) {
    OperatorFacts facts = tree.facts().get(operator);
    Tensor first = tensor(facts, Answer.Of.FIRST);
    Tensor parameters = facts.kind() == Fold.PRODUCT ? tensor(facts, Answer.Of.PARAMETERS) : first;
    int value = Fold.start(facts);
    for (int i = 0; i < chunk; i++) {
      value =
          Fold.step(
              facts,
              place,
              i,
              value,
              (of, at) -> (of == Answer.Of.FIRST ? first : parameters).at(at));
    }
    return value;
  }

  private Answer.Numbers numbers(int operator, int place, int chunk, int before) {
    OperatorFacts facts = tree.facts().get(operator);
    var pieces = new ArrayList<Answer.Piece>();
    for (Fold.Wanted wanted : Fold.wanted(facts, place, chunk, before)) {
      Tensor tensor = tensor(facts, wanted.of());
      List<Digest> tiles = TraceTree.tiles(tensor);
      pieces.add(
          new Answer.Piece(
              wanted.of(),
              wanted.tile(),
              tensor.tile(wanted.tile()),
              MerkleTree.inclusionProof(tiles, wanted.tile()),
              MerkleTree.root(tiles)));
    }
    return new Answer.Numbers(pieces);
  }
}
