package xyz.openledger.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Has the golden bytes of the events read by a program that shares no code with ours. {@code
 * event.json} says in CBOR's diagnostic notation what stands in each file; a new event's line is
 * what the script prints when it is missing.
 */
class EventVectorsTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final Path SCRIPT = Path.of("../protocol/src/test/node/golden.mjs");

  @Test
  void anotherProgramReadsEveryEventAndWritesTheSameBytes() throws Exception {
    try (Stream<Path> events = Files.list(FOLDER.resolve("events"))) {
      assertThat(node(FOLDER)).isEqualTo("0: %d vectors hold\n".formatted(events.count()));
    }
  }

  @Test
  void theOtherProgramSeesAChangedByteInEveryEvent(@TempDir Path folder) throws Exception {
    Files.copy(FOLDER.resolve("event.json"), folder.resolve("event.json"));
    Files.createDirectory(folder.resolve("events"));
    int changed = 0;
    try (var events = Files.newDirectoryStream(FOLDER.resolve("events"))) {
      for (Path event : events) {
        byte[] bytes = Files.readAllBytes(event);
        bytes[bytes.length - 1] ^= 1;
        Files.write(folder.resolve("events").resolve(event.getFileName()), bytes);
        changed++;
      }
    }

    var answer = node(folder);

    assertThat(answer).startsWith("1: ");
    assertThat(answer.lines().filter(line -> line.contains("event.json["))).hasSize(changed);
  }

  /** What the script answers for a folder: its exit status and its output. */
  private static String node(Path folder) throws Exception {
    var process =
        new ProcessBuilder("node", SCRIPT.toString(), folder.toString())
            .redirectErrorStream(true)
            .start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue() + ": " + output;
  }
}
