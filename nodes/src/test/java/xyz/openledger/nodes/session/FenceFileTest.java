package xyz.openledger.nodes.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.ProblemException;

class FenceFileTest {
  @TempDir Path folder;

  @Test
  void neverRemembersLessThanItSaw() {
    Path file = folder.resolve("fences");
    var random = new SplittableRandom(3);
    long seen = 0;
    for (int life = 0; life < 30; life++) {
      var fences = FenceFile.open(file);
      assertThat(fences.ceiling()).isBetween(seen, seen + FenceFile.BLOCK);
      seen = Math.max(seen, fences.ceiling());
      for (int i = random.nextInt(3_000); i > 0; i--) {
        fences.raise(++seen);
      }
      // The process ends here, without a word.
    }
  }

  @Test
  void writesOnceForManyFences() throws Exception {
    Path file = folder.resolve("fences");
    var fences = FenceFile.open(file);
    fences.raise(1);
    Files.delete(file);

    for (long fence = 2; fence <= FenceFile.BLOCK; fence++) {
      fences.raise(fence);
    }

    assertThat(file).doesNotExist();
    fences.raise(FenceFile.BLOCK + 2);
    assertThat(file).exists();
  }

  @Test
  void standsTheLargestFence() {
    Path file = folder.resolve("fences");
    FenceFile.open(file).raise(Long.MAX_VALUE);

    assertThat(FenceFile.open(file).ceiling()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void refusesADamagedFile() throws Exception {
    Path file = folder.resolve("fences");
    Files.writeString(file, "12x");

    assertThatThrownBy(() -> FenceFile.open(file))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(file.toString());
  }
}
