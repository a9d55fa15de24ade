package xyz.openledger.nativekernels.strict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Java and every variant in C that this machine runs give the same bits, on drawn questions. */
class StrictEqualityTest {
  private static final int SEEDS = 60;

  @ParameterizedTest
  @EnumSource(StrictCase.class)
  void everyVariantGivesTheBitsOfTheReference(StrictCase asked) {
    seeds().forEach(seed -> compare(asked, seed, false));
  }

  @ParameterizedTest
  @EnumSource(StrictCase.class)
  void alsoOfZerosDenormalsInfinitiesAndNaN(StrictCase asked) {
    seeds().forEach(seed -> compare(asked, seed, true));
  }

  @Test
  void thePortableVariantWasTestedWhereThereIsALibrary() {
    if (StrictKernels.objection().isEmpty()) {
      assertThat(Variants.all())
          .extracting(StrictKernels::name)
          .contains("java", "native, portable", StrictKernels.best().name());
    }
  }

  private static void compare(StrictCase asked, long seed, boolean special) {
    int[] expected = null;
    for (StrictKernels kernels : Variants.all()) {
      int[] answer = Variants.bits(asked.ask(kernels, new Drawn(seed, special)));
      if (expected == null) {
        expected = answer;
      }
      assertThat(answer).as("%s, seed %d, %s", asked, seed, kernels.name()).isEqualTo(expected);
    }
  }

  private static Stream<Long> seeds() {
    var seed = Long.getLong("seed");
    return seed != null ? Stream.of(seed) : Stream.iterate(1L, next -> next + 1).limit(SEEDS);
  }
}
