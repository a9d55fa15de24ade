package xyz.openledger.verification.dispute;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.merkle.MerkleTree;
import xyz.openledger.verification.matmul.OperatorFacts;
import xyz.openledger.verification.matmul.Tensor;
import xyz.openledger.verification.matmul.TraceTree;

/**
 * The operator that is in dispute: what it is, and the roots of what it takes, on which both agree.
 */
record About(OperatorFacts facts, int rows, List<Digest> sources) {
  int elements() {
    return rows * facts.outColumns();
  }

  int tiles() {
    return (elements() + Tensor.TILE - 1) / Tensor.TILE;
  }

  int tileBytes(int tile) {
    return Math.min(Tensor.TILE, elements() - tile * Tensor.TILE) * (facts.outInt8() ? 1 : 4);
  }

  static int read(byte[] tile, int index, int width) {
    return width == 1 ? tile[index] : ByteBuffer.wrap(tile).getInt(index * Integer.BYTES);
  }

  /** What the step gives, from tiles that fit the agreed roots; null if they do not. */
  @Nullable Integer compute(int place, int chunk, int before, Answer answer) {
    if (!(answer instanceof Answer.Numbers(List<Answer.Piece> pieces))) {
      return null;
    }
    Set<Fold.Wanted> wanted = Fold.wanted(facts, place, chunk, before);
    if (pieces.size() != wanted.size()) {
      return null;
    }
    Map<Fold.Wanted, Answer.Piece> found = new HashMap<>();
    for (Answer.Piece piece : pieces) {
      var key = new Fold.Wanted(piece.of(), piece.tile());
      if (!wanted.contains(key) || !fits(piece)) {
        return null;
      }
      found.put(key, piece);
    }
    if (found.size() != wanted.size()) {
      return null;
    }
    return Fold.step(
        facts,
        place,
        chunk,
        before,
        (of, at) -> {
          Answer.Piece piece = found.get(new Fold.Wanted(of, at / Tensor.TILE));
          if (piece == null) {
            throw new IllegalStateException("a step reads no other tiles than it wants");
          }
          return read(piece.bytes(), at % Tensor.TILE, width(of));
        });
  }

  private int width(Answer.Of of) {
    return switch (of) {
      case FIRST, SECOND -> facts.inInt8() ? 1 : 4;
      case PARAMETERS -> facts.kind() == Fold.PRODUCT ? 1 : 4;
    };
  }

  /** Whether a tile lies where it says under the root that both agree on. */
  private boolean fits(Answer.Piece piece) {
    boolean parameters = piece.of() == Answer.Of.PARAMETERS;
    int tensorRows = !parameters ? rows : facts.kind() == Fold.PRODUCT ? facts.outColumns() : 1;
    int columns = facts.inColumns();
    long size = (long) tensorRows * columns;
    long tiles = (size + Tensor.TILE - 1) / Tensor.TILE;
    long elements = Math.min(Tensor.TILE, size - (long) piece.tile() * Tensor.TILE);
    Digest root =
        parameters ? facts.parameters() : sources.get(piece.of() == Answer.Of.FIRST ? 0 : 1);
    return piece.bytes().length == elements * width(piece.of())
        && TraceTree.root(tensorRows, columns, width(piece.of()), piece.tiles()).equals(root)
        && MerkleTree.verifyInclusion(
            MerkleTree.leafHash(piece.bytes()), piece.tile(), tiles, piece.path(), piece.tiles());
  }
}
