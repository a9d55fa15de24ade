package xyz.openledger.models.decoder;

import java.lang.foreign.MemorySegment;

/** Sees what flows between layers; called in their order, within the step. */
@FunctionalInterface
public interface ActivationSink {
  /**
   * What a layer leaves behind.
   *
   * @param layer from 0; the number of layers for what goes into the head
   * @param values {@code [rows×hiddenSize]}, densely; only during the call
   */
  void after(int layer, int rows, MemorySegment values);
}
