package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.inference.ModelManifest;

/** A file of a model that is longer than one blob, on its way to a node. */
class FileInPartsTest {
  private static final int PART = (int) ModelManifest.PART_BYTES;
  private static final Map<Digest, byte[]> BLOBS = new HashMap<>();
  private static byte[] content;
  private static ModelManifest.File file;

  @TempDir private Path folder;
  private final List<Digest> asked = new ArrayList<>();

  @BeforeAll
  static void draw() {
    content = new byte[PART + 5];
    new SplittableRandom(7).nextBytes(content);
    var parts = new ArrayList<Digest>();
    for (int at = 0; at < content.length; at += PART) {
      byte[] part = Arrays.copyOfRange(content, at, Math.min(content.length, at + PART));
      parts.add(Digest.of(part));
      BLOBS.put(parts.getLast(), part);
    }
    file = new ModelManifest.File("model.safetensors", Digest.of(content), content.length, parts);
  }

  private void place(Digest digest, long bytesMax, Path name) {
    asked.add(digest);
    byte[] part = BLOBS.get(digest);
    assertThat(part.length).isLessThanOrEqualTo((int) bytesMax);
    try {
      Files.write(name, part);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  @Test
  void isTheFileThatWasPublishedAndLeavesNoPartBehind() throws Exception {
    ModelManifest manifest = ModelManifest.read(ModelManifest.base(List.of(file)).canonical());
    try (ModelFolder models = ModelFolder.create(1L << 30)) {
      models.use(manifest.digest(), manifest.canonical(), this::place);

      Path there = models.root().resolve(manifest.digest().hex());
      assertThat(Files.mismatch(there.resolve("model.safetensors"), written())).isEqualTo(-1);
      assertThat(there.toFile().list()).containsExactly("model.safetensors");
    }
    assertThat(asked).isEqualTo(file.parts());
  }

  private Path written() throws IOException {
    return Files.write(folder.resolve("expected"), content);
  }

  @Test
  void isRefusedIfItsPartsAreThoseOfAnother() {
    var other =
        new ModelManifest.File(
            "model.safetensors", Digest.of(new byte[1]), content.length, file.parts());

    assertThatThrownBy(() -> FileInParts.place(other, folder.resolve("w"), this::place))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("are another file");
  }

  @Test
  void hasAsManyPartsAsItsLengthSays() {
    assertThatThrownBy(
            () ->
                new ModelManifest.File(
                    "model.safetensors", file.digest(), 2L * PART + 1, file.parts()))
        .hasMessageContaining("are not 2 parts");
    assertThatThrownBy(
            () ->
                new ModelManifest.File("small", file.digest(), 5, List.of(file.parts().getLast())))
        .hasMessageContaining("parts");
  }
}
