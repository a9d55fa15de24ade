package xyz.openledger.nodes.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.protocol.session.SessionLimits;

class RevealQueueTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long NOW = Long.MAX_VALUE - 5 * MILLI;

  private final RevealQueue queue = new RevealQueue();

  @Test
  void waitsForCompanyButNotLong() {
    queue.add(answer(0, 0), NOW);

    assertThat(queue.isDue(false, NOW + 9 * MILLI)).isFalse();
    assertThat(queue.dueInNanos(NOW + 9 * MILLI, () -> true)).isEqualTo(MILLI);
    // The clock may pass the largest long meanwhile; only differences count.
    assertThat(queue.isDue(false, NOW + 10 * MILLI)).isTrue();
    assertThat(queue.dueInNanos(NOW + 12 * MILLI, () -> true)).isZero();
  }

  @Test
  void isNotDueWhileThereIsNoRoomForIt() {
    queue.add(answer(0, 0), NOW);

    assertThat(queue.dueInNanos(NOW + 9 * MILLI, () -> false)).isEqualTo(MILLI);
    assertThat(queue.dueInNanos(NOW + 12 * MILLI, () -> false)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void doesNotWaitForCompanyThatCannotCome() {
    assertThat(queue.isDue(true, NOW)).isFalse();
    assertThat(queue.dueInNanos(NOW, () -> true)).isEqualTo(Long.MAX_VALUE);

    queue.add(answer(0, 0), NOW);

    assertThat(queue.isDue(true, NOW)).isTrue();
  }

  @Test
  void signsAsManyTogetherAsABatchHolds() {
    for (int i = 0; i < ResultStatement.BATCH_MAX + 1; i++) {
      queue.add(answer(i, 0), NOW);
    }

    assertThat(queue.isDue(false, NOW)).isTrue();
    assertThat(queue.peek()).hasSize(ResultStatement.BATCH_MAX);
    queue.remove(ResultStatement.BATCH_MAX);
    assertThat(queue.peek()).hasSize(1);
  }

  @Test
  void keepsABatchWithinAFrame() {
    for (int i = 0; i < 200; i++) {
      queue.add(answer(i, SessionLimits.INLINE_BYTES_MAX), NOW);
    }

    long bytes = queue.peek().stream().mapToLong(answer -> answer.outcome().outputBytes()).sum();

    assertThat(bytes).isBetween(1L << 20, (long) SessionLimits.FRAME_BYTES_MAX / 2);
  }

  private static Answer answer(int number, int outputBytes) {
    Lease lease =
        LeaseBookTest.lease(
            ReplicaId.parse("job-aaaaaaaaaaaaaaaaaaaaaaaaaa/0/r" + number), number + 1, true);
    var output = ByteString.copyFrom(new byte[outputBytes]);
    var outcome =
        new Outcome(Outcome.Status.FINISHED, 0, 1, Digest.of(output.toByteArray()), outputBytes);
    return new Answer(lease, lease.task(), outcome, ByteString.EMPTY, output, null, 1, "", "");
  }
}
