package xyz.openledger.models.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Frequencies;
import xyz.openledger.nativekernels.strict.RotaryLayout;
import xyz.openledger.nativekernels.strict.StrictKernels;

/** Turns queries and keys by their positions, and back. */
final class Rotation {
  private final StrictKernels kernels;
  private final int headSize;
  private final MemorySegment cosines;
  private final MemorySegment sines;

  Rotation(StrictKernels kernels, ModelConfig config, int positionsMax, Arena arena) {
    this.kernels = kernels;
    headSize = config.headSize();
    int pairs = headSize / 2;
    MemorySegment positions = arena.allocate(JAVA_INT, positionsMax);
    for (int i = 0; i < positionsMax; i++) {
      positions.setAtIndex(JAVA_INT, i, i);
    }
    MemorySegment frequencies = arena.allocateFrom(JAVA_FLOAT, Frequencies.of(config));
    cosines = arena.allocate(JAVA_FLOAT, (long) positionsMax * pairs);
    sines = arena.allocate(JAVA_FLOAT, (long) positionsMax * pairs);
    kernels.rotaryAngles(positionsMax, pairs, positions, frequencies, cosines, sines);
  }

  void turn(Rows rows, long row, int tokens, boolean back) {
    kernels.rotate(
        tokens,
        rows.width() / headSize,
        headSize,
        headSize / 2,
        RotaryLayout.HALVES,
        back,
        rows.from(row),
        rows.width(),
        cosines,
        sines);
  }
}
