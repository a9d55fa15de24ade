package xyz.openledger.models.decoder;

import xyz.openledger.nativekernels.strict.WeightType;
import xyz.openledger.protocol.Digest;

/**
 * An adapter as it lies in the slab.
 *
 * @param digest its name
 * @param rank of its matrices
 * @param scale by which what it says is multiplied
 * @param type of its weights
 * @param offsetsA where each matrix A lies, by layer and {@link Projection}; {@link #NONE} if it
 *     leaves that projection alone
 * @param offsetsB where each matrix B lies
 */
public record LoadedAdapter(
    Digest digest, int rank, float scale, WeightType type, long[] offsetsA, long[] offsetsB) {
  /** No matrix here. */
  public static final long NONE = -1;

  boolean changes(int layer, Projection projection) {
    return offsetsA[layer * Projection.COUNT + projection.place()] != NONE;
  }
}
