package xyz.openledger.nodes.worker;

import java.util.Arrays;
import java.util.function.Consumer;

/** Gathers the states from which tokens are chosen, 32 of them a chunk; the last may have less. */
final class StateChunks {
  private static final int STATES = 32;

  private final Consumer<float[]> whole;
  private float[] chunk = new float[0];
  private int filled;

  StateChunks(Consumer<float[]> whole) {
    this.whole = whole;
  }

  void add(float[] state) {
    if (chunk.length == 0) {
      chunk = new float[STATES * state.length];
    }
    System.arraycopy(state, 0, chunk, filled, state.length);
    filled += state.length;
    if (filled == chunk.length) {
      end();
    }
  }

  /** There are no more. */
  void end() {
    if (filled > 0) {
      whole.accept(Arrays.copyOf(chunk, filled));
      filled = 0;
    }
  }
}
