package xyz.openledger.models.decoder;

import java.lang.foreign.MemorySegment;
import java.util.List;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.protocol.Digest;

/**
 * All weights of a model.
 *
 * @param head the last matrix; the embedding itself if the two are tied
 * @param frequencies by which each pair of a head turns per position
 * @param digest of shape and numbers, the same from any format that keeps their type
 */
public record Weights(
    ModelConfig config,
    Matrix embedding,
    List<Layer> layers,
    MemorySegment finalNorm,
    Matrix head,
    MemorySegment frequencies,
    Digest digest) {
  /** Copies the list. */
  public Weights {
    layers = List.copyOf(layers);
  }
}
