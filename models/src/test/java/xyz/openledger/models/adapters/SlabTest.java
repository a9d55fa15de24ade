package xyz.openledger.models.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlabTest {
  private static final long BYTES = 1 << 20;

  private record Piece(long at, long bytes) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void givesEveryByteToOneAndTakesAllBack(long seed) {
    var random = new SplittableRandom(seed);
    try (Arena arena = Arena.ofConfined()) {
      var slab = new Slab(BYTES, arena);
      List<Piece> taken = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        if (random.nextInt(5) < 3) {
          long bytes = 1L << random.nextInt(4, 19);
          bytes += random.nextLong(bytes);
          OptionalLong at = slab.take(bytes);
          if (at.isPresent()) {
            requireApart(taken, at.getAsLong(), bytes);
            taken.add(new Piece(at.getAsLong(), bytes));
          }
        } else if (!taken.isEmpty()) {
          Piece piece = taken.remove(random.nextInt(taken.size()));
          slab.giveBack(piece.at(), piece.bytes());
        }
        assertThat(slab.usedBytes())
            .isEqualTo(taken.stream().mapToLong(piece -> Slab.pieceBytes(piece.bytes())).sum());
      }
      taken.forEach(piece -> slab.giveBack(piece.at(), piece.bytes()));

      assertThat(slab.take(BYTES)).hasValue(0);
      assertThat(slab.take(1)).isEmpty();
    }
  }

  private static void requireApart(List<Piece> taken, long at, long bytes) {
    assertThat(at + bytes).isLessThanOrEqualTo(BYTES);
    for (Piece other : taken) {
      assertThat(at + bytes <= other.at() || other.at() + other.bytes() <= at).isTrue();
    }
  }
}
