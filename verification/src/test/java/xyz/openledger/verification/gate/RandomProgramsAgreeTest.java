package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random valid programs: the gated module does what the submitted one does, charges what {@link
 * InstructionCount} counts, and is the same run on every engine.
 */
class RandomProgramsAgreeTest {

  private static final int PROGRAMS = Boolean.getBoolean("thorough") ? 2_500 : 250;
  private static final long FUEL = 150_000;

  @TempDir private Path folder;

  @Test
  void theGatedProgramIsTheSameRunOnEveryEngineAndAsThePlainOne() {
    var engines = new Engines();
    var ends = new TreeMap<String, Integer>();
    for (int seed = 0; seed < PROGRAMS; seed++) {
      boolean integers = seed % 2 == 0;
      byte[] module = RandomProgram.of(seed, integers);
      byte[] gated = WasmGate.admit(module, GateLimits.DEFAULT).bytes();

      var run = engines.onEndive("seed " + seed, gated, FUEL);

      ends.merge(run.end() + " " + run.state(), 1, Integer::sum);
      if (integers && run.end().equals("returned")) {
        sameAsPlain(seed, module, run);
      }
    }
    engines.thenOnV8(folder);
    assertThat(ends)
        .as("the programs end in every way")
        .containsKeys("returned 0", "trapped 0", "trapped 1", "trapped 2");
  }

  private static void sameAsPlain(int seed, byte[] module, Run gated) {
    var count = new InstructionCount();
    var plain = Endive.observe(module, count);
    assertThat(plain.end()).as("seed %d", seed).isEqualTo(gated.end());
    assertThat(plain.memory()).as("seed %d: memory", seed).isEqualTo(gated.memory());
    assertThat(gated.fuelUsed()).as("seed %d: fuel", seed).isEqualTo(count.fuel());
  }
}
