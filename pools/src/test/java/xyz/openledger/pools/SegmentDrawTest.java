package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.Digest;

class SegmentDrawTest {
  private static final EpochSecret SECRET = EpochSecret.of(new byte[EpochSecret.BYTES]);

  private static TreeMap<Integer, Digest> committed(int pieces, long salt) {
    var committed = new TreeMap<Integer, Digest>();
    for (int i = 0; i < pieces; i++) {
      committed.put(i, Digest.of(ByteBuffer.allocate(12).putLong(salt).putInt(i).array()));
    }
    return committed;
  }

  @Test
  void whatWasCommittedToDecidesAndNothingElse() {
    assertThat(SegmentDraw.of(SECRET, "run", committed(9, 1), 3))
        .hasSize(3)
        .isEqualTo(SegmentDraw.of(SECRET, "run", committed(9, 1), 3))
        .allMatch(piece -> piece >= 0 && piece < 9);
    assertThat(SegmentDraw.of(SECRET, "run", committed(4, 1), 9)).containsExactly(0, 1, 2, 3);
    assertThat(SegmentDraw.of(SECRET, "run", committed(4, 1), 0)).isEmpty();
  }

  /** A draw that did not hang on one of them could be foretold before that one is made. */
  @Test
  void everyPieceCommittedToChangesTheDraw() {
    for (int changed = 0; changed < 8; changed++) {
      int others = 0;
      for (int salt = 0; salt < 64; salt++) {
        var committed = committed(8, salt);
        var before = SegmentDraw.of(SECRET, "run", committed, 3);
        committed.put(changed, Digest.of(new byte[] {(byte) salt}));
        others += before.equals(SegmentDraw.of(SECRET, "run", committed, 3)) ? 0 : 1;
      }
      // 1 of 56 draws is the same by chance.
      assertThat(others).as("piece %d", changed).isGreaterThan(48);
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 1, 1", "10, 2, 3", "16, 4, 4", "8, 8, 1", "5, 1, 5", "12, 3, 2"})
  void whoFalsifiesPassesAsOftenAsIsSaid(int pieces, int falsified, int checked) {
    int trials = 4_000;
    var random = new SplittableRandom(7L * pieces + 31L * falsified + checked);
    int passed = 0;
    for (int i = 0; i < trials; i++) {
      var chosen = SegmentDraw.of(SECRET, "run", committed(pieces, random.nextLong()), checked);
      passed += chosen.stream().noneMatch(piece -> piece < falsified) ? 1 : 0;
    }
    double said = SegmentDraw.passes(pieces, falsified, checked);
    double sigma = Math.sqrt(said * (1 - said) / trials);
    assertThat(passed / (double) trials).isCloseTo(said, within(3 * sigma + 1e-9));
  }

  @Test
  void theFormulaIsThatOfDrawingWithoutReplacement() {
    // C(7, 3) / C(10, 3)
    assertThat(SegmentDraw.passes(10, 3, 3)).isCloseTo(35.0 / 120, within(1e-12));
    assertThat(SegmentDraw.passes(10, 8, 3)).isZero();
    assertThat(SegmentDraw.passes(4, 1, 0)).isEqualTo(1);
  }
}
