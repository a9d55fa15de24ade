package xyz.openledger.actors.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;

class ShownFilesTest {
  private static final TenantId ADA = TenantId.parse("ada");
  private static final int FRAME_BYTES = 512 << 10;

  /** As many as a tenant may have, with all that its owner may say of each. */
  @Test
  void eachPageFitsIntoAFrameAndAllPagesTogetherAreAllThereIs() {
    List<StoredFile> files = new ArrayList<>();
    List<StoredBatch> batches = new ArrayList<>();
    var metadata = new TreeMap<String, String>();
    for (int i = 0; i < 16; i++) {
      metadata.put("\u20ac".repeat(62) + (10 + i), "\u20ac".repeat(512));
    }
    for (int i = 0; i < Shelf.FILES_MAX; i++) {
      files.add(new StoredFile("file-" + i, ADA, "é".repeat(200), "batch", Digest.of(), 7, i));
      batches.add(
          new StoredBatch(
              "batch_" + i, ADA, "/v1/embeddings", "file-1", Digest.of(), metadata, i, 0, null));
    }
    var system = ActorSystem.create("pages");
    try {
      var serialization = SerializationExtension.get(system);
      var all = new FilesMessage.Shown(List.of(), List.of(), FilesMessage.ALL, FilesMessage.ALL);
      long sum = 0;
      while (!all.isAll()) {
        var page = FilesEntity.page(files, all.filesLeft(), batches, all.batchesLeft());
        int bytes = serialization.serialize(page).get().length;
        assertThat(bytes).isLessThan(FRAME_BYTES);
        sum += bytes;
        all = page.after(all);
      }

      assertThat(sum).as("too much for one").isGreaterThan(FRAME_BYTES);
      assertThat(all.files()).isEqualTo(files.reversed());
      assertThat(all.batches()).isEqualTo(batches.reversed());
    } finally {
      TestKit.shutdownActorSystem(system);
    }
  }
}
