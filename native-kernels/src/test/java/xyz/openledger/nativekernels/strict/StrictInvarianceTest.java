package xyz.openledger.nativekernels.strict;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** A row's bits are its own: the same alone, in any batch, and by any number of threads. */
class StrictInvarianceTest {
  private static final int ROWS = 64;

  @Test
  void aProductsRowDoesNotNoticeItsBatch() {
    for (StrictKernels kernels : Variants.all()) {
      for (WeightType type : WeightType.values()) {
        var drawn = new Drawn(11, false);
        int outputs = 77;
        int inputs = 301;
        MemorySegment x = drawn.numbers((long) ROWS * inputs);
        MemorySegment w = drawn.weights(type, (long) outputs * inputs);
        MemorySegment packed = StrictCase.pack(kernels, outputs, inputs, type, w, inputs);
        MemorySegment alone = Drawn.empty((long) ROWS * outputs);
        for (int i = 0; i < ROWS; i++) {
          kernels.linear(
              1,
              outputs,
              inputs,
              x.asSlice((long) i * inputs * 4),
              inputs,
              type,
              w,
              inputs,
              alone.asSlice((long) i * outputs * 4),
              outputs,
              false);
        }
        batches(
            batch -> {
              MemorySegment y = Drawn.empty((long) ROWS * outputs);
              MemorySegment z = Drawn.empty((long) ROWS * outputs);
              for (int i = 0; i < ROWS; i += batch) {
                int rows = Math.min(batch, ROWS - i);
                MemorySegment from = x.asSlice((long) i * inputs * 4);
                long to = (long) i * outputs * 4;
                kernels.linear(
                    rows,
                    outputs,
                    inputs,
                    from,
                    inputs,
                    type,
                    w,
                    inputs,
                    y.asSlice(to),
                    outputs,
                    false);
                kernels.linearPacked(
                    rows,
                    outputs,
                    inputs,
                    from,
                    inputs,
                    type,
                    packed,
                    z.asSlice(to),
                    outputs,
                    false);
              }
              same(alone, y, "%s, plain, batch %d".formatted(kernels.name(), batch));
              same(alone, z, "%s, packed, batch %d".formatted(kernels.name(), batch));
            });
      }
    }
  }

  @Test
  void anAdaptersRowDoesNotNoticeItsNeighbours() {
    for (StrictKernels kernels : Variants.all()) {
      var drawn = new Drawn(12, false);
      int size = 100;
      int rank = 24;
      MemorySegment slab = drawn.weights(WeightType.BF16, 30_000);
      MemorySegment x = drawn.numbers((long) ROWS * size);
      MemorySegment before = drawn.numbers((long) ROWS * size);
      MemorySegment alone = Drawn.copy(before);
      for (int i = 0; i < ROWS; i++) {
        adapt(kernels, slab, rank, size, x, alone, i, 1);
      }
      batches(
          batch -> {
            MemorySegment y = Drawn.copy(before);
            for (int i = 0; i < ROWS; i += batch) {
              adapt(kernels, slab, rank, size, x, y, i, Math.min(batch, ROWS - i));
            }
            same(alone, y, "%s, batch %d".formatted(kernels.name(), batch));
          });
    }
  }

  private static void adapt(
      StrictKernels kernels,
      MemorySegment slab,
      int rank,
      int size,
      MemorySegment x,
      MemorySegment y,
      int first,
      int rows) {
    MemorySegment offsets = Arena.ofAuto().allocate(8, 8);
    kernels.lora(
        1,
        Drawn.integers(first, first + rows),
        Drawn.integers(rank),
        Drawn.of(0.5f),
        offsets,
        offsets,
        WeightType.BF16,
        slab,
        size,
        size,
        x,
        size,
        y,
        size);
  }

  @Test
  void attentionDoesNotNoticeItsBatch() {
    for (StrictKernels kernels : Variants.all()) {
      for (long seed = 1; seed <= 20; seed++) {
        var whole = new Paged(new Drawn(seed, false));
        whole.attend(kernels, 0, whole.rows);
        var single = new Paged(new Drawn(seed, false));
        for (int row = 0; row < single.rows; row++) {
          single.attend(kernels, row, 1);
        }
        same(whole.out, single.out, "%s, seed %d".formatted(kernels.name(), seed));
      }
    }
  }

  @Test
  void twoThreadsGiveTheBitsOfOne() {
    for (StrictKernels kernels : Variants.all()) {
      for (int threads = 1; threads <= 3; threads++) {
        var drawn = new Drawn(13, false);
        int rows = 9;
        int outputs = 203;
        int inputs = 270;
        MemorySegment x = drawn.numbers((long) rows * inputs);
        MemorySegment w = drawn.numbers((long) outputs * inputs);
        MemorySegment packed = StrictCase.pack(kernels, outputs, inputs, WeightType.F32, w, inputs);
        MemorySegment one = Drawn.empty((long) rows * outputs);
        kernels.linear(
            rows, outputs, inputs, x, inputs, WeightType.F32, w, inputs, one, outputs, false);
        try (var team = new StrictTeam(kernels, threads)) {
          MemorySegment y = Drawn.empty((long) rows * outputs);
          team.linear(
              rows, outputs, inputs, x, inputs, WeightType.F32, w, inputs, y, outputs, false);
          same(one, y, "%s, %d threads".formatted(kernels.name(), threads));
          team.linearPacked(
              rows, outputs, inputs, x, inputs, WeightType.F32, packed, y, outputs, false);
          same(one, y, "%s, %d threads, packed".formatted(kernels.name(), threads));
        }
      }
    }
  }

  private static void batches(IntConsumer check) {
    for (int batch : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 16, 17, 31, 32, 33, 63, 64}) {
      check.accept(batch);
    }
  }

  private static void same(MemorySegment expected, MemorySegment answer, String what) {
    assertThat(Variants.bits(List.of(answer))).as(what).isEqualTo(Variants.bits(List.of(expected)));
  }
}
