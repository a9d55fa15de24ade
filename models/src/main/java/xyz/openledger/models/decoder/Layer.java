package xyz.openledger.models.decoder;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One layer's weights.
 *
 * @param matrices one for each {@link Projection}, in its order
 * @param biases of query, key and value; empty if it has none
 * @param queryNorm of each head; absent if it has none, as is the key's
 */
public record Layer(
    MemorySegment attentionNorm,
    MemorySegment feedForwardNorm,
    List<Matrix> matrices,
    List<MemorySegment> biases,
    @Nullable MemorySegment queryNorm,
    @Nullable MemorySegment keyNorm) {
  /** Copies the lists. */
  public Layer {
    matrices = List.copyOf(matrices);
    biases = List.copyOf(biases);
  }

  /** One of its matrices. */
  public Matrix matrix(Projection projection) {
    return matrices.get(projection.place());
  }
}
