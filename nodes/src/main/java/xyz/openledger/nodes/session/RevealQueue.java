package xyz.openledger.nodes.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.session.NodeWire;
import xyz.openledger.protocol.session.SessionLimits;

/**
 * Answers that wait to be signed together: a signature costs as much as a small task, so one covers
 * up to {@value ResultStatement#BATCH_MAX} of them. None waits longer than {@value #WAIT_MILLIS}
 * ms, and none waits for company that cannot come.
 */
final class RevealQueue {
  static final long WAIT_MILLIS = 10;

  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
  private static final long BATCH_BYTES_MAX = SessionLimits.FRAME_BYTES_MAX / 2;

  private record Waiting(Answer answer, long sinceNanos) {}

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  void add(Answer answer, long nowNanos) {
    waiting.addLast(new Waiting(answer, nowNanos));
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Whether a batch is due. {@code alone} says that no running task could still join it. */
  boolean isDue(boolean alone, long nowNanos) {
    return !waiting.isEmpty()
        && (alone
            || waiting.size() >= ResultStatement.BATCH_MAX
            || nowNanos - waiting.getFirst().sinceNanos() >= WAIT_NANOS);
  }

  /**
   * How long until the oldest has waited enough; 0 if it has.
   *
   * @param hasRoom whether the next batch could leave; if not, what makes room also wakes
   */
  long dueInNanos(long nowNanos, BooleanSupplier hasRoom) {
    if (waiting.isEmpty()) {
      return Long.MAX_VALUE;
    }
    long left = WAIT_NANOS - (nowNanos - waiting.getFirst().sinceNanos());
    return left > 0 || hasRoom.getAsBoolean() ? Math.max(0, left) : Long.MAX_VALUE;
  }

  /** The next batch, without taking it. */
  List<Answer> peek() {
    var batch = new ArrayList<Answer>();
    long bytes = 0;
    for (Waiting next : waiting) {
      bytes += NodeWire.revealBytes(next.answer().reveal());
      if (batch.size() == ResultStatement.BATCH_MAX
          || (bytes > BATCH_BYTES_MAX && !batch.isEmpty())) {
        break;
      }
      batch.add(next.answer());
    }
    return batch;
  }

  /** Takes the first {@code count}. */
  void remove(int count) {
    for (int i = 0; i < count; i++) {
      waiting.removeFirst();
    }
  }

  /** Takes out what is not wanted any more. */
  void removeIf(java.util.function.Predicate<Answer> unwanted) {
    waiting.removeIf(next -> unwanted.test(next.answer()));
  }
}
