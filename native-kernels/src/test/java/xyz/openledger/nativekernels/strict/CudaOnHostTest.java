package xyz.openledger.nativekernels.strict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same source, its blocks and threads run in turn on the processor: which sums it takes in
 * which order is checked on every machine. That a device rounds the same, only a device can say.
 */
class CudaOnHostTest {
  private static final Path WORK = Path.of("target/kernels-on-host");
  private static final String TARGET = "openledger_kernels_on_host";
  private static final long SECONDS = 300;
  private static final int SEEDS = 25;

  private static CudaDevice device;

  @BeforeAll
  @SuppressWarnings("restricted") // what is loaded was built just now
  static void build() throws Exception {
    Files.createDirectories(WORK);
    Files.deleteIfExists(WORK.resolve("CMakeCache.txt"));
    boolean built =
        run("cmake", "-S", "kernels", "-B", WORK.toString(), "-DOPENLEDGER_CUDA_ON_HOST=ON")
            && run("cmake", "--build", WORK.toString(), "--target", TARGET);
    assumeTrue(built, "no CMake, or no compiler of C++: see " + WORK);
    var library =
        SymbolLookup.libraryLookup(WORK.resolve(System.mapLibraryName(TARGET)), Arena.global());
    switch (CudaDevice.find(library)) {
      case CudaSearch.Found(CudaDevice found, _, _) -> device = found;
      case CudaSearch.Absent(String why) -> abort(why);
    }
  }

  static List<StrictCase> cases() {
    return OnDevice.CASES.stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSumsAreTakenInTheOrderOfTheReference(StrictCase asked) {
    var onDevice = new OnDevice(device);

    onDevice.compare(asked, SEEDS, false);
    onDevice.compare(asked, SEEDS, true);

    assertThat(onDevice.calls).isEqualTo(2 * SEEDS);
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(WORK.resolve("build.log").toFile())
              .start();
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      return ended && process.exitValue() == 0;
    } catch (IOException absent) {
      return false;
    }
  }
}
