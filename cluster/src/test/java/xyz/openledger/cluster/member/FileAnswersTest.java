package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.files.FilesMessage;
import xyz.openledger.actors.files.StoredBatch;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;

class FileAnswersTest {
  private static final TenantId ADA = TenantId.parse("ada");

  private static StoredBatch batch(long atMillis) {
    return new StoredBatch(
        "batch_" + atMillis,
        ADA,
        "/v1/embeddings",
        "file-1",
        Digest.of(),
        Map.of(),
        atMillis,
        0,
        null);
  }

  @Test
  void batchesThatGoOnAreTakenUpOldestFirstWhateverPageTheyAreOn() {
    var newest = new FilesMessage.Shown(List.of(), List.of(batch(4), batch(3)), 0, 2);
    var oldest = new FilesMessage.Shown(List.of(), List.of(batch(2), batch(1)), 0, 0);

    var going =
        FileAnswers.going(
            left -> CompletableFuture.completedStage(left.batchesLeft() == 2 ? oldest : newest));

    assertThat(going.toCompletableFuture().join())
        .containsExactly(batch(1), batch(2), batch(3), batch(4));
  }
}
