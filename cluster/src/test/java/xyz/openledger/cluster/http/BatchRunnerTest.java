package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.files.StoredBatch;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TenantId;

class BatchRunnerTest {
  private static final long BEGUN = 1_000_000;

  private static StoredBatch batch(long cancelledAtMillis) {
    return new StoredBatch(
        "batch_1",
        new TenantId("ada"),
        "/v1/chat/completions",
        "file-1",
        Digest.of(),
        Map.of(),
        BEGUN,
        cancelledAtMillis,
        null);
  }

  @Test
  void aBatchWithoutItsFileEndsTenMinutesAfterNobodyWantsIt() {
    long cancelled = BEGUN + 5_000;

    assertThat(BatchRunner.orphaned(batch(cancelled), cancelled + after(10))).isEmpty();
    assertThat(BatchRunner.orphaned(batch(cancelled), cancelled + after(11)))
        .hasValueSatisfying(problem -> assertThat(problem).contains("file-1", "upload it again"));
  }

  @Test
  void aBatchWithoutItsFileThatIsWantedIsWaitedForTwoDays() {
    assertThat(BatchRunner.orphaned(batch(0), BEGUN + after(48 * 60 + 10))).isEmpty();
    assertThat(BatchRunner.orphaned(batch(0), BEGUN + after(48 * 60 + 11))).isPresent();
  }

  @Test
  void theQuestionsOfAllBatchesTogetherHaveABound() {
    long most = BatchRunner.QUESTIONS_BYTES_MAX;

    assertThat(BatchRunner.fits(0, 2 * most)).as("alone").isTrue();
    assertThat(BatchRunner.fits(most - 5, 5)).isTrue();
    assertThat(BatchRunner.fits(most - 5, 6)).isFalse();
    assertThat(OpenAiFiles.FILE_BYTES_MAX).isLessThanOrEqualTo((int) most);
  }

  private static long after(int minutes) {
    return Duration.ofMinutes(minutes).toMillis();
  }
}
