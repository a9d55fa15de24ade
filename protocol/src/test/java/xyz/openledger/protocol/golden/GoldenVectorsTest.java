package xyz.openledger.protocol.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xyz.openledger.protocol.json.Json;

/**
 * Holds the formats to what they gave when their vectors were written. A file of vectors is never
 * written over: a format that has to change gets a new version, and new vectors beside the old.
 */
class GoldenVectorsTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final Path SCRIPT = Path.of("src/test/node/golden.mjs");
  private static final int CASES = 12;
  private static final long SEED = 2026;

  @ParameterizedTest
  @EnumSource(Format.class)
  void giveWhatTheyAlwaysGave(Format format) throws IOException {
    var vectors = read(FOLDER.resolve(format.file()));

    assertThat(vectors).hasSize(CASES);
    for (JsonNode vector : vectors) {
      assertThat(format.compute(vector.get("given"))).isEqualTo(vector.get("gives"));
    }
  }

  /** {@code -Dgolden.write=true} writes the vectors of formats that have none yet. */
  @Test
  void everyFormatHasAFileAndEveryFileAFormat() throws IOException {
    if (Boolean.getBoolean("golden.write")) {
      writeMissing();
    }
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(Format.values()).map(Format::file).toList());
    }
  }

  @Test
  void anotherProgramGivesTheSame() throws Exception {
    assertThat(node(FOLDER))
        .isEqualTo("0: %d vectors hold\n".formatted(CASES * Format.values().length));
  }

  @Test
  void theOtherProgramSeesAChangeInEveryFormat(@TempDir Path folder) throws Exception {
    for (Format format : Format.values()) {
      JsonNode vectors = read(FOLDER.resolve(format.file()));
      var gives = (ObjectNode) vectors.get(CASES - 1).get("gives");
      gives.put(gives.fieldNames().next(), "changed");
      Files.write(folder.resolve(format.file()), Json.write(vectors));
    }

    var answer = node(folder);

    assertThat(answer).startsWith("1: ");
    for (Format format : Format.values()) {
      assertThat(answer).contains("%s[%d] says".formatted(format.file(), CASES - 1));
    }
  }

  private static void writeMissing() throws IOException {
    Files.createDirectories(FOLDER);
    for (Format format : Format.values()) {
      Path file = FOLDER.resolve(format.file());
      if (!Files.exists(file)) {
        var drawn = new Drawn(new SplittableRandom(SEED));
        List<Map<String, JsonNode>> vectors = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
          JsonNode given = format.draw(drawn);
          vectors.add(new TreeMap<>(Map.of("given", given, "gives", format.compute(given))));
        }
        Files.writeString(file, Json.pretty(vectors) + "\n", StandardOpenOption.CREATE_NEW);
      }
    }
  }

  private static JsonNode read(Path file) throws IOException {
    return Json.tree(Files.readAllBytes(file));
  }

  /** What the script answers for a folder: its exit status and its output. */
  private static String node(Path folder) throws Exception {
    var node = new ProcessBuilder("node", SCRIPT.toString(), folder.toString());
    Process process;
    try {
      process = node.redirectErrorStream(true).start();
    } catch (IOException missing) {
      assumeTrue("true".equals(System.getenv("CI")), "node is missing; install Node.js 20");
      throw missing;
    }
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() + ": " + output;
  }
}
