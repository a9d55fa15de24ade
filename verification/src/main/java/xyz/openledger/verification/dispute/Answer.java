package xyz.openledger.verification.dispute;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.verification.matmul.OperatorFacts;

/** What a side answers to a {@link Query}. Anything may be in it. */
public sealed interface Answer {
  /** Two halves. */
  record Halves(Digest left, Digest right) implements Answer {}

  /**
   * An operator.
   *
   * @param factsPath from the facts to the network's root
   * @param sources how each source is known to both
   * @param output root of the output
   * @param tiles root of the tree over the output's tiles
   * @param halves of that root, if there are several tiles
   * @param tile the only tile, if there is one
   */
  record Opening(
      OperatorFacts facts,
      List<Digest> factsPath,
      List<Source> sources,
      Digest output,
      Digest tiles,
      @Nullable Halves halves,
      byte @Nullable [] tile)
      implements Answer {}

  /**
   * The root of a source, and for the output of an earlier operator how it stands in the trace.
   *
   * @param facts null for the task's input, as is what follows
   */
  record Source(
      Digest root, @Nullable OperatorFacts facts, List<Digest> sources, List<Digest> path) {}

  /** A tile's bytes. */
  @SuppressWarnings("ArrayRecordComponent") // judged by its hash
  record Tile(byte[] bytes) implements Answer {}

  /** A running value. */
  record Value(int value) implements Answer {}

  /** Tiles of the tensors that the step takes. */
  record Numbers(List<Piece> pieces) implements Answer {}

  /** Which tensor a tile is of. */
  enum Of {
    FIRST,
    SECOND,
    PARAMETERS
  }

  /**
   * A tile with its way to the root of its tensor.
   *
   * @param tiles root of the tree over the tensor's tiles
   */
  @SuppressWarnings("ArrayRecordComponent") // judged by its hash
  record Piece(Of of, int tile, byte[] bytes, List<Digest> path, Digest tiles) {}
}
