package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Gradients are slopes: of a drawn mix of the outputs, by small steps of each input. */
class StrictGradientTest {
  private static final float STEP = 1f / 128;

  private final StrictKernels kernels = StrictKernels.java();
  private final Drawn drawn = new Drawn(21, false);

  @Test
  void ofTheNorm() {
    int columns = 12;
    MemorySegment x = drawn.numbers(columns);
    MemorySegment weight = drawn.numbers(columns);
    MemorySegment mix = drawn.numbers(columns);
    MemorySegment dx = Drawn.empty(columns);
    MemorySegment dWeight = Drawn.empty(columns);

    kernels.rmsNormGradient(
        1, columns, x, columns, weight, 1e-5f, mix, columns, dx, columns, dWeight);

    Consumer<MemorySegment> forward =
        y -> kernels.rmsNorm(1, columns, x, columns, weight, 1e-5f, y, columns);
    slopes(x, dx, mix, columns, forward);
    slopes(weight, dWeight, mix, columns, forward);
  }

  @Test
  void ofTheGate() {
    int columns = 9;
    MemorySegment gate = drawn.numbers(columns);
    MemorySegment up = drawn.numbers(columns);
    MemorySegment mix = drawn.numbers(columns);
    MemorySegment dGate = Drawn.empty(columns);
    MemorySegment dUp = Drawn.empty(columns);

    kernels.swiGluGradient(
        1, columns, gate, columns, up, columns, mix, columns, dGate, columns, dUp, columns);

    Consumer<MemorySegment> forward =
        y -> kernels.swiGlu(1, columns, gate, columns, up, columns, y, columns);
    slopes(gate, dGate, mix, columns, forward);
    slopes(up, dUp, mix, columns, forward);
  }

  @Test
  void ofCausalAttentionWithGroupedHeads() {
    int tokens = 7;
    int heads = 4;
    int keyHeads = 2;
    int size = 3;
    int window = 5;
    int wide = heads * size;
    int narrow = keyHeads * size;
    MemorySegment q = drawn.numbers((long) tokens * wide);
    MemorySegment k = drawn.numbers((long) tokens * narrow);
    MemorySegment v = drawn.numbers((long) tokens * narrow);
    MemorySegment mix = drawn.numbers((long) tokens * wide);
    MemorySegment dq = Drawn.empty((long) tokens * wide);
    MemorySegment dk = Drawn.empty((long) tokens * narrow);
    MemorySegment dv = Drawn.empty((long) tokens * narrow);

    kernels.attentionGradient(
        tokens, heads, keyHeads, size, window, 0.5f, q, wide, k, narrow, v, narrow, mix, wide, dq,
        wide, dk, narrow, dv, narrow);

    var starts = new int[tokens];
    var ends = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      starts[i] = Math.max(0, i - window + 1);
      ends[i] = i + 1;
    }
    var pages = new StrictAttention.Pages(k, v, tokens, (long) tokens * narrow, narrow, size);
    Consumer<MemorySegment> forward =
        y ->
            kernels.attention(
                tokens,
                heads,
                keyHeads,
                size,
                0.5f,
                q,
                wide,
                pages,
                Drawn.integers(0),
                0,
                Drawn.integers(starts),
                Drawn.integers(ends),
                y,
                wide);
    slopes(q, dq, mix, tokens * wide, forward);
    slopes(k, dk, mix, tokens * wide, forward);
    slopes(v, dv, mix, tokens * wide, forward);
  }

  @Test
  void ofCrossEntropy() {
    int columns = 11;
    MemorySegment logits = drawn.numbers(2L * columns);
    MemorySegment targets = Drawn.integers(3, -1);
    MemorySegment slopes = Drawn.empty(2L * columns);
    MemorySegment losses = Drawn.empty(2);
    MemorySegment unused = Drawn.empty(2L * columns);

    kernels.crossEntropy(2, columns, logits, columns, targets, 1, losses, slopes, columns);

    slopes(
        logits,
        slopes,
        Drawn.of(1, 1),
        2,
        y -> kernels.crossEntropy(2, columns, logits, columns, targets, 1, y, unused, columns));
  }

  private static void slopes(
      MemorySegment input,
      MemorySegment gradient,
      MemorySegment mix,
      int outputs,
      Consumer<MemorySegment> forward) {
    for (long i = 0; i < input.byteSize() / Float.BYTES; i++) {
      float held = input.getAtIndex(JAVA_FLOAT, i);
      input.setAtIndex(JAVA_FLOAT, i, held + STEP);
      double above = mixed(mix, outputs, forward);
      input.setAtIndex(JAVA_FLOAT, i, held - STEP);
      double below = mixed(mix, outputs, forward);
      input.setAtIndex(JAVA_FLOAT, i, held);
      double slope = (above - below) / (2 * STEP);
      assertThat((double) gradient.getAtIndex(JAVA_FLOAT, i))
          .as("input %d", i)
          .isEqualTo(slope, within(2e-3 + 2e-3 * Math.abs(slope)));
    }
  }

  private static double mixed(MemorySegment mix, int outputs, Consumer<MemorySegment> forward) {
    MemorySegment y = Drawn.empty(outputs);
    forward.accept(y);
    double sum = 0;
    for (int i = 0; i < outputs; i++) {
      sum += (double) y.getAtIndex(JAVA_FLOAT, i) * mix.getAtIndex(JAVA_FLOAT, i);
    }
    return sum;
  }
}
