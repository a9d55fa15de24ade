package xyz.openledger.nativekernels.strict;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The comparison that the other tests rest on sees what it must see. */
class StrictPlantedBugsTest {
  private static final int SEEDS = 40;

  @Test
  void aReassociatedSumIsSeen() {
    assertThat(differing(new Planted(Bug.REASSOCIATED), StrictCase.LINEAR)).isGreaterThan(20);
  }

  @Test
  void aProductThatIsRoundedBeforeItIsAddedIsSeen() {
    assertThat(differing(new Planted(Bug.UNFUSED), StrictCase.LINEAR)).isGreaterThan(20);
  }

  @Test
  void aMultiplyAndAnAddThatWereFusedAreSeen() {
    assertThat(differing(new Planted(Bug.FUSED), StrictCase.ROWS)).isGreaterThan(20);
  }

  @Test
  void aSplitThatDependsOnTheBatchIsSeen() {
    int seen = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      var planted = new Planted(Bug.SPLIT_BY_BATCH);
      var whole = new Paged(new Drawn(seed, false));
      whole.attend(planted, 0, whole.rows);
      var single = new Paged(new Drawn(seed, false));
      for (int row = 0; row < single.rows; row++) {
        single.attend(planted, row, 1);
      }
      seen += single.out.mismatch(whole.out) >= 0 ? 1 : 0;
    }
    assertThat(seen).isGreaterThan(20);
  }

  @Test
  void withoutABugNothingIsSeen() {
    assertThat(differing(new Planted(Bug.NONE), StrictCase.LINEAR)).isZero();
    assertThat(differing(new Planted(Bug.NONE), StrictCase.ROWS)).isZero();
  }

  private static int differing(StrictKernels planted, StrictCase asked) {
    int differing = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      int[] expected = Variants.bits(asked.ask(StrictKernels.java(), new Drawn(seed, false)));
      int[] answer = Variants.bits(asked.ask(planted, new Drawn(seed, false)));
      differing += Arrays.equals(expected, answer) ? 0 : 1;
    }
    return differing;
  }

  private enum Bug {
    NONE,
    REASSOCIATED,
    UNFUSED,
    FUSED,
    SPLIT_BY_BATCH
  }

  /** The reference with one bug. */
  private record Planted(Bug bug)
      implements StrictKernels,
          JavaProducts,
          JavaAdapters,
          JavaRows,
          JavaAttention,
          JavaGradients,
          JavaTraining,
          JavaTokens {
    @Override
    public String name() {
      return bug.toString();
    }

    @Override
    public void linear(
        int rows,
        int outputs,
        int inputs,
        MemorySegment x,
        long strideX,
        WeightType type,
        MemorySegment w,
        long strideW,
        MemorySegment y,
        long strideY,
        boolean accumulate) {
      var weights = new float[inputs];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < outputs; j++) {
          Memory.read(type, w, j * strideW, weights, inputs);
          float sum = accumulate ? Memory.number(y, i * strideY + j) : 0;
          float other = 0;
          for (int p = 0; p < inputs; p++) {
            float a = Memory.number(x, i * strideX + p);
            switch (bug) {
              case UNFUSED -> sum += a * weights[p];
              case REASSOCIATED -> {
                if (p % 2 == 0) {
                  sum = Math.fma(a, weights[p], sum);
                } else {
                  other = Math.fma(a, weights[p], other);
                }
              }
              default -> sum = Math.fma(a, weights[p], sum);
            }
          }
          Memory.put(y, i * strideY + j, bug == Bug.REASSOCIATED ? sum + other : sum);
        }
      }
    }

    @Override
    public void swiGlu(
        int rows,
        int columns,
        MemorySegment gate,
        long strideGate,
        MemorySegment up,
        long strideUp,
        MemorySegment y,
        long strideY) {
      JavaRows.super.swiGlu(rows, columns, gate, strideGate, up, strideUp, y, strideY);
      for (int i = 0; bug == Bug.FUSED && i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          float g = Memory.number(gate, i * strideGate + j);
          float s = Scalars.sigmoid(g);
          // As a compiler that contracts would: g·s·u rounded once less.
          float once = (float) ((double) g * s * Memory.number(up, i * strideUp + j));
          Memory.put(y, i * strideY + j, once);
        }
      }
    }

    @Override
    public void attention(
        int rows,
        int heads,
        int keyHeads,
        int headSize,
        float scale,
        MemorySegment queries,
        long strideQueries,
        Pages pages,
        MemorySegment tables,
        long tableStride,
        MemorySegment starts,
        MemorySegment ends,
        MemorySegment out,
        long strideOut) {
      int split = bug == Bug.SPLIT_BY_BATCH ? Math.max(1, SPLIT / rows) : SPLIT;
      var one = new JavaAttentionRow(headSize, scale, pages, tables, split);
      for (int row = 0; row < rows; row++) {
        for (int head = 0; head < heads; head++) {
          long shift = (long) head / (heads / keyHeads) * pages.headStride();
          long at = row * strideQueries + (long) head * headSize;
          Memory.read(queries, at, one.query, headSize);
          int end = Memory.integer(ends, row);
          one.attend(row * tableStride, shift, Memory.integer(starts, row), end);
          Memory.write(out, row * strideOut + (long) head * headSize, one.sums, headSize);
        }
      }
    }
  }
}
