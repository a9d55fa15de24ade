package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.blob.BlobSettings;
import xyz.openledger.cluster.blob.BlobStore;

class ReadinessChecksTest {
  @TempDir private Path folder;

  @Test
  void aMemberIsReadyIfItsViewsFollowAndBlobsFit() {
    assertThat(ReadinessChecks.of(true, true).ready()).isTrue();
    assertThat(ReadinessChecks.of(false, true).ready()).isFalse();
    assertThat(ReadinessChecks.of(true, false).ready()).isFalse();
  }

  @Test
  void blobsFitAsLongAsTheLargestWould() throws Exception {
    var blobs = BlobStore.open(folder, new BlobSettings(4, 9, 0));
    assertThat(blobs.hasRoom()).isTrue();
    blobs.put(new byte[] {1, 2, 3, 4});
    assertThat(blobs.hasRoom()).isTrue();
    blobs.put(new byte[] {5, 6});
    assertThat(blobs.hasRoom()).isFalse();
  }
}
