package xyz.openledger.protocol.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;

class ModelManifestTest {
  private static final Digest DIGEST = Digest.of("x".getBytes(StandardCharsets.UTF_8));
  private static final ModelManifest BASE =
      ModelManifest.base(List.of(new ModelManifest.File("config.json", DIGEST, 7)));

  @Test
  void itsCanonicalBytesAreReadBackAndRecognised() {
    ModelManifest adapter =
        ModelManifest.adapter(
            BASE.digest(),
            List.of(new ModelManifest.File(ModelManifest.ADAPTER_WEIGHTS, DIGEST, 1L << 39)));

    assertThat(ModelManifest.read(BASE.canonical())).isEqualTo(BASE);
    assertThat(ModelManifest.read(adapter.canonical())).isEqualTo(adapter);
    assertThat(ModelManifest.begins(adapter.canonical())).isTrue();
    assertThat(ModelManifest.begins(new byte[] {0, 'a', 's', 'm'})).isFalse();
  }

  @Test
  void aLongFileNamesItsParts() {
    ModelManifest large =
        ModelManifest.base(
            List.of(
                new ModelManifest.File(
                    "model.safetensors",
                    DIGEST,
                    ModelManifest.PART_BYTES + 1,
                    List.of(DIGEST, DIGEST))));

    assertThat(ModelManifest.read(large.canonical())).isEqualTo(large);
    assertThat(large.files().getFirst().partBytes(1)).isEqualTo(1);
  }

  @Test
  void itsFormatIsFrozen() {
    assertThat(new String(BASE.canonical(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"files\":[{\"bytes\":\"7\",\"digest\":\"sha256:2d711642b726b04401627ca9fbac32f5c853"
                + "0fb1903cc4db02258717921a4881\",\"name\":\"config.json\"}],\"format\":"
                + "\"openledger/model/v1\",\"kind\":\"base\"}");
  }

  @Test
  void anotherTextOfTheSameManifestIsRefused() {
    byte[] spaced =
        new String(BASE.canonical(), StandardCharsets.UTF_8)
            .replace(",", ", ")
            .getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> ModelManifest.read(spaced))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("canonical");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "../config.json ~ plain file name",
        "a/b ~ plain file name",
        ".hidden ~ plain file name",
        "'' ~ plain file name",
      })
  void aNameThatLeavesTheFolderIsRefused(String name, String why) {
    assertThatThrownBy(() -> new ModelManifest.File(name, DIGEST, 1))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(why);
  }

  @Test
  void anAdapterHasABaseAndABaseHasNone() {
    assertThatThrownBy(
            () ->
                new ModelManifest(
                    ModelManifest.FORMAT, ModelManifest.Kind.ADAPTER, null, BASE.files()))
        .isInstanceOf(ProblemException.class);
    assertThatThrownBy(
            () ->
                new ModelManifest(
                    ModelManifest.FORMAT, ModelManifest.Kind.BASE, DIGEST, BASE.files()))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void aFileIsNamedOnce() {
    var file = new ModelManifest.File("config.json", DIGEST, 7);

    assertThatThrownBy(() -> ModelManifest.base(List.of(file, file)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("twice");
  }
}
