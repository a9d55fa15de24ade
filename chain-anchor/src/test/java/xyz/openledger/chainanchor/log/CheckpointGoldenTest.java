package xyz.openledger.chainanchor.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Ed25519Key;

/**
 * Holds checkpoints and their signed notes to what they were when their vectors were written. The
 * file is never written over; where it is missing, {@code -Dgolden.write=true} writes it.
 */
class CheckpointGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final String FILE = "checkpoint.json";
  private static final Path SCRIPT = Path.of("../protocol/src/test/node/golden.mjs");
  private static final int CASES = 12;
  private static final long SEED = 2026;

  @Test
  void aCheckpointIsSignedAsItAlwaysWas() throws IOException {
    if (Boolean.getBoolean("golden.write") && !Files.exists(FOLDER.resolve(FILE))) {
      write();
    }
    var vectors = vectors();

    assertThat(vectors).hasSize(CASES);
    for (JsonNode vector : vectors) {
      assertThat(gives(vector.get("given"))).isEqualTo(vector.get("gives"));
    }
  }

  @Test
  void aNoteIsReadBackAndSignedByTheKeyThatAReaderPins() throws IOException {
    for (JsonNode vector : vectors()) {
      var gives = vector.get("gives");
      var note = CheckpointNote.parse(gives.get("note").textValue());

      assertThat(note.checkpoint()).isEqualTo(checkpoint(vector.get("given")));
      assertThat(note.isSignedBy(LogKey.parse(gives.get("key").textValue()))).isTrue();
    }
  }

  @Test
  void anotherProgramGivesTheSame() throws Exception {
    assertThat(node(FOLDER)).isEqualTo("0: %d vectors hold\n".formatted(CASES));
  }

  @Test
  void theOtherProgramSeesAChange(@TempDir Path folder) throws Exception {
    for (String field : List.of("text", "key", "note")) {
      JsonNode vectors = vectors();
      var gives = (ObjectNode) vectors.get(0).get("gives");
      String was = gives.get(field).textValue();
      gives.put(field, was.substring(0, was.length() - 2) + "~" + was.charAt(was.length() - 1));
      Files.write(folder.resolve(FILE), Json.write(vectors));

      assertThat(node(folder)).as(field).startsWith("1: checkpoint.json[0] says");
    }
  }

  private static JsonNode vectors() throws IOException {
    return Json.tree(Files.readAllBytes(FOLDER.resolve(FILE)));
  }

  private static JsonNode gives(JsonNode given) {
    var checkpoint = checkpoint(given);
    var key = Ed25519Key.of(HexFormat.of().parseHex(given.get("secret").textValue()));
    return Json.tree(
        new TreeMap<>(
            Map.of(
                "text", checkpoint.text(),
                "key", LogKey.of(checkpoint.origin(), key.publicKey()).toString(),
                "note", CheckpointNote.sign(checkpoint, key).text())));
  }

  private static Checkpoint checkpoint(JsonNode given) {
    return new Checkpoint(
        given.get("origin").textValue(),
        Long.parseLong(given.get("size").textValue()),
        Digest.parse(given.get("root").textValue()));
  }

  private static void write() throws IOException {
    var random = new SplittableRandom(SEED);
    List<Map<String, JsonNode>> vectors = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      long size = (random.nextLong() >>> random.nextInt(5, 64)) % 1_000_000_000_000_000_000L;
      JsonNode given =
          Json.tree(
              new TreeMap<>(
                  Map.of(
                      "origin",
                      "openledger.xyz/log/" + hex(random, random.nextInt(1, 17)),
                      "size",
                      Long.toString(i == 0 ? 0 : size),
                      "root",
                      "sha256:" + hex(random, Digest.BYTES),
                      "secret",
                      hex(random, 32))));
      vectors.add(new TreeMap<>(Map.of("given", given, "gives", gives(given))));
    }
    Files.createDirectories(FOLDER);
    Files.writeString(FOLDER.resolve(FILE), Json.pretty(vectors) + "\n");
  }

  private static String hex(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
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
