package xyz.openledger.verification.matmul;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * A commitment to everything that happened in a run: a tree over the operators, each with the roots
 * of what it took and put out; a tensor's root is a tree over its tiles of {@link Tensor#TILE}
 * elements (RFC 9162).
 *
 * <pre>
 *   trace root ─▶ operator: facts, roots of its sources, root of its output ─▶ tiles ─▶ 64 elements
 * </pre>
 *
 * @param facts of the network
 * @param input root of the task's input
 * @param outputs root of each operator's output
 * @param leaves of the tree over the operators
 */
public record TraceTree(
    List<OperatorFacts> facts,
    Digest input,
    List<Digest> outputs,
    List<Digest> leaves,
    Digest root) {
  /** Keeps copies. */
  public TraceTree {
    facts = List.copyOf(facts);
    outputs = List.copyOf(outputs);
    leaves = List.copyOf(leaves);
  }

  /** The tree of a run. */
  public static TraceTree of(Network network, Tensor.Int8 input, List<Tensor> outputs) {
    return of(
        OperatorFacts.of(network), root(input), outputs.stream().map(TraceTree::root).toList());
  }

  /** The tree from the roots of the tensors. */
  public static TraceTree of(List<OperatorFacts> facts, Digest input, List<Digest> outputs) {
    List<Digest> leaves =
        IntStream.range(0, outputs.size())
            .mapToObj(
                i -> leaf(facts.get(i), sources(facts.get(i), input, outputs), outputs.get(i)))
            .toList();
    return new TraceTree(facts, input, outputs, leaves, MerkleTree.root(leaves));
  }

  /** The roots of what an operator takes. */
  public static List<Digest> sources(OperatorFacts facts, Digest input, List<Digest> outputs) {
    Digest first = source(facts.source(), input, outputs);
    return facts.takesTwo()
        ? List.of(first, source(facts.other(), input, outputs))
        : List.of(first);
  }

  private static Digest source(int source, Digest input, List<Digest> outputs) {
    return source == Operator.INPUT ? input : outputs.get(source);
  }

  /** The leaf of one operator. */
  public static Digest leaf(OperatorFacts facts, List<Digest> sources, Digest output) {
    Domain leaf = Domain.of("matmul-operator").digest(facts.leaf()).int32(sources.size());
    sources.forEach(leaf::digest);
    return leaf.digest(output).digest();
  }

  /** The root of a tensor: its shape, and the tree over its tiles. */
  public static Digest root(Tensor tensor) {
    Digest tiles = MerkleTree.root(tiles(tensor));
    return root(tensor.rows(), tensor.columns(), tensor.elementBytes(), tiles);
  }

  /** The same from the shape and the root over the tiles. */
  public static Digest root(int rows, int columns, int elementBytes, Digest tiles) {
    return Domain.of("matmul-tensor")
        .int32(rows)
        .int32(columns)
        .int32(elementBytes)
        .digest(tiles)
        .digest();
  }

  /** The leaf hashes of a tensor's tiles. */
  public static List<Digest> tiles(Tensor tensor) {
    var tiles = new ArrayList<Digest>(tensor.tiles());
    for (int i = 0; i < tensor.tiles(); i++) {
      tiles.add(MerkleTree.leafHash(tensor.tile(i)));
    }
    return tiles;
  }
}
