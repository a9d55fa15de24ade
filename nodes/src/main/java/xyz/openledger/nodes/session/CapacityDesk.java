package xyz.openledger.nodes.session;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.session.CapacityAnswer;
import xyz.openledger.protocol.session.CapacityAsk;
import xyz.openledger.verification.challenge.MemoryWalk;

/**
 * Walks what the member asks for, one walk at a time, and none that is longer than {@value
 * #SECONDS_MAX} seconds at the speed that this machine claims: a member cannot keep it busy.
 */
final class CapacityDesk implements AutoCloseable {
  static final int SECONDS_MAX = 6;

  private final long stepsMax;
  private final Consumer<CapacityAnswer> answers;
  private final AtomicBoolean walking = new AtomicBoolean();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("capacity").factory());

  /**
   * A desk.
   *
   * @param claimedStepsPerSecond absent for a machine that claims nothing, and walks nothing
   * @param answers hears of ends, on a thread of this desk
   */
  CapacityDesk(@Nullable Long claimedStepsPerSecond, Consumer<CapacityAnswer> answers) {
    this.stepsMax = claimedStepsPerSecond == null ? 0 : claimedStepsPerSecond * SECONDS_MAX;
    this.answers = answers;
  }

  /** Walks; whether it does. */
  boolean walk(CapacityAsk ask) {
    if (ask.steps() > stepsMax || !walking.compareAndSet(false, true)) {
      return false;
    }
    try {
      thread.execute(
          () -> {
            var answer =
                new CapacityAnswer(ask.seed(), new MemoryWalk(ask.seed(), ask.steps()).digest());
            walking.set(false);
            answers.accept(answer);
          });
      return true;
    } catch (RejectedExecutionException closed) {
      return false;
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
