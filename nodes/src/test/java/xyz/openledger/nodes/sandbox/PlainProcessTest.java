package xyz.openledger.nodes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PlainProcessTest {
  /** Room for one program of forty threads beside its Java machine's, and not for two. */
  private static final ResourceLimits LIMITS = new ResourceLimits(2L << 30, 80, 128, 1 << 20);

  @Test
  void workersBesideEachOtherDoNotTakeEachOthersThreads() throws Exception {
    assumeTrue(Tool.isRoot() && UserDrop.command().isPresent(), "only root gives users away");
    List<Process> processes = new ArrayList<>();
    try (var classPath = ClassPath.holding(ManyThreads.class)) {
      for (int worker = 0; worker < 4; worker++) {
        processes.add(PlainProcess.here().start(program(classPath), LIMITS, ControlGroup.none()));
      }
      for (Process process : processes) {
        assertThat(firstLine(process)).isEqualTo("all run");
      }
      for (Process process : processes) {
        process.getOutputStream().close();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
  }

  @Test
  void aUserIsTakenOnlyIfTheNamespaceHasIt() {
    assertThat(UserDrop.holds("         0          0 4294967295", 2_000_000_001L)).isTrue();
    assertThat(UserDrop.holds("         0     100000      65536", 2_000_000_001L)).isFalse();
    assertThat(UserDrop.holds("2000000000 2000000000          1", 2_000_000_001L)).isFalse();
  }

  private static String firstLine(Process process) throws IOException {
    BufferedReader said = process.inputReader();
    return said.readLine();
  }

  private static JavaProgram program(ClassPath classPath) {
    return new JavaProgram(
        classPath,
        List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"),
        ManyThreads.class.getName(),
        List.of());
  }
}
