package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.models.Model;
import xyz.openledger.models.TinyAdapter;
import xyz.openledger.models.TinyModel;
import xyz.openledger.models.files.TensorType;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.inference.ModelManifest;

/** Adapters of a model of random weights, where there is room for two. */
class ServedModelsTest {
  private static final TinyModel TINY = TinyModel.of("llama", 3);
  private static final Digest BASE = Digest.of(new byte[] {0});

  @TempDir private Path folder;

  private ServedModels models;
  private ServedModels.Open model;

  @BeforeEach
  void open() throws IOException {
    TINY.write(folder.resolve(BASE.hex()), TensorType.F32);
    long bytes = Files.size(adapterFolder(1).resolve(ModelManifest.ADAPTER_WEIGHTS));
    models =
        new ServedModels(
            folder,
            folder,
            new ServedModels.Shape(16, 1, 8 << 20, 1),
            (files, kernels) -> Model.open(files, kernels, true),
            2 * bytes);
    model = models.model(BASE);
  }

  @AfterEach
  void close() {
    models.close();
  }

  private Path adapterFolder(int seed) throws IOException {
    return TinyAdapter.of(TINY, 4, seed).write(folder.resolve(manifest(seed).hex()));
  }

  private static Digest manifest(int seed) {
    return Digest.of(new byte[] {(byte) seed});
  }

  private ServedModels.LoadedManifest asked(int seed) throws IOException {
    adapterFolder(seed);
    return models.adapter(model, manifest(seed));
  }

  @Test
  void anAdapterThatDoesNotFitTakesNoRoomFromThoseThatDo() throws IOException {
    Path config = adapterFolder(9).resolve("adapter_config.json");
    Files.writeString(config, Files.readString(config).replace("LORA", "OTHER"));

    for (int again = 0; again < 3; again++) {
      assertThatThrownBy(() -> models.adapter(model, manifest(9)))
          .isInstanceOf(ProblemException.class);
    }

    assertThat(asked(1).weights()).isPositive();
    assertThat(asked(2).weights()).isPositive();
  }

  @Test
  void aModelThatNobodyBeganToOpenIsOpenedForTheNextWhoAsks() throws IOException {
    Digest other = Digest.of(new byte[] {77});
    TINY.write(folder.resolve(other.hex()), TensorType.F32);
    var heard = new ArrayList<Throwable>();
    Executor full =
        _ -> {
          throw new RejectedExecutionException("no thread");
        };
    assertThatThrownBy(() -> models.whenOpen(other, full, Runnable::run, heard::add))
        .hasMessage("no thread");

    models.whenOpen(other, Runnable::run, Runnable::run, heard::add);

    assertThat(heard).containsExactly((Throwable) null);
    assertThat(models.model(other).model()).isNotNull();
  }

  @Test
  void aModelThatBreaksWhileItIsClosedIsNotMetAgain() throws IOException {
    Digest other = Digest.of(new byte[] {77});
    TINY.write(folder.resolve(other.hex()), TensorType.F32);
    // As a bug elsewhere would: its memory is gone before it is closed.
    model.arena().close();
    assertThatThrownBy(() -> models.model(other)).isInstanceOf(IllegalStateException.class);

    assertThat(models.model(other).model()).isNotNull();
  }

  @Test
  void theAdapterThatNobodyAskedForLongestLeavesForAnother() throws IOException {
    var first = asked(1);
    asked(2);
    assertThat(asked(1)).isSameAs(first);
    asked(3);

    assertThat(model.known()).containsOnlyKeys(manifest(1), manifest(3));
    assertThat(model.adapters().figures().registered()).isEqualTo(2);
    assertThat(asked(2).content()).isNotEqualTo(first.content());
  }

  @Test
  void adaptersInUseStayAndAnotherHasToWait() throws IOException {
    var first = asked(1);
    var second = asked(2);
    first.underWay().incrementAndGet();
    second.underWay().incrementAndGet();
    assertThatThrownBy(() -> asked(3)).hasMessageContaining("no room for further adapters");

    second.underWay().decrementAndGet();
    asked(3);

    assertThat(model.known()).containsOnlyKeys(manifest(1), manifest(3));
  }
}
