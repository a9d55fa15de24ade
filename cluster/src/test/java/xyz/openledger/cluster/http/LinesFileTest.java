package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinesFileTest {
  @TempDir private Path folder;

  @Test
  void linesComeInAnyOrderAndAreReadInTheirs() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      List<Integer> order =
          new ArrayList<>(
              IntStream.range(0, 50).filter(_ -> random.nextInt(3) > 0).boxed().toList());
      String expected = order.stream().map(LinesFileTest::line).collect(Collectors.joining());
      Collections.shuffle(order, random);
      try (var lines = new LinesFile(folder.resolve("lines-" + seed), 50, 1 << 20)) {
        assertThat(order.parallelStream().allMatch(index -> lines.set(index, line(index))))
            .isTrue();
        assertThat(new String(lines.inOrder().readAllBytes(), StandardCharsets.UTF_8))
            .as("seed " + seed)
            .isEqualTo(expected);
      }
    }
    assertThat(folder).isEmptyDirectory();
  }

  private static String line(int index) {
    return "é".repeat(index * index) + index + "\n";
  }

  @Test
  void whatIsLongerThanItMayBeIsRefused() throws IOException {
    try (var lines = new LinesFile(folder.resolve("lines"), 3, 10)) {
      assertThat(lines.isEmpty()).isTrue();
      assertThat(lines.set(2, "1234567\n")).isTrue();
      assertThat(lines.set(0, "12\n")).isFalse();
      assertThat(lines.set(1, "1\n")).isTrue();
      assertThat(lines.inOrder().readAllBytes()).asString().isEqualTo("1\n1234567\n");
      assertThat(lines.isEmpty()).isFalse();
    }
  }

  @Test
  void linesWaitOnTheDiskNotInMemory() {
    String line = "x".repeat(1 << 20);
    var runtime = Runtime.getRuntime();
    try (var lines = new LinesFile(folder.resolve("lines"), 256, 256L << 20)) {
      runtime.gc();
      long before = runtime.totalMemory() - runtime.freeMemory();
      for (int i = 0; i < 128; i++) {
        lines.set(i, line);
      }
      runtime.gc();
      long held = runtime.totalMemory() - runtime.freeMemory() - before;
      assertThat(held).as("bytes held of 128 MiB").isLessThan(32L << 20);
    }
  }
}
