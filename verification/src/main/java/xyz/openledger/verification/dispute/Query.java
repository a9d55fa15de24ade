package xyz.openledger.verification.dispute;

/** What the referee asks of both sides in a round. Each answers of its own trace. */
public sealed interface Query {
  /**
   * The two halves of a node of the trace's tree.
   *
   * @param from the first operator under it
   * @param to the operator after the last
   */
  record OperatorHalves(int from, int to) implements Query {}

  /** All about the first operator at which the traces part, and the halves of its output's tree. */
  record OperatorOpening(int operator) implements Query {}

  /** The two halves of a node of the output's tree, by its tiles. */
  record TileHalves(int operator, int from, int to) implements Query {}

  /** The first tile that differs. */
  record TileOpening(int operator, int tile) implements Query {}

  /**
   * What the fold of an element had come to before a chunk of {@link Fold#CHUNK} terms: the running
   * sum of a product, the largest place so far of an argmax.
   */
  record Running(int operator, int place, int chunk) implements Query {}

  /** The numbers that the referee needs to compute the step itself. */
  record Numbers(int operator, int place, int chunk, int before) implements Query {}
}
