package xyz.openledger.nodes.worker;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.execution.ExecutionFault.Reason;

/**
 * An order to a model server, from its arrival to its one answer. What waits is cancelled at once
 * and forgotten; what has begun is told to stop, and answers when it has. What is being prepared
 * cannot be stopped, and is not called over before it is: an agent that waits for it in vain knows
 * that the process is stuck. Any thread may call it.
 */
final class OpenOrder {
  private final int id;
  private final long deadlineNanos;
  private final Consumer<Frame.Answer> answers;
  private Frame.@Nullable Run waiting;
  private Runnable stop = OpenOrder::nothing;
  private boolean answered;
  private boolean preparing;
  private volatile boolean cancelled;

  /**
   * An order that waits.
   *
   * @param answers hears its first answer and no other
   */
  OpenOrder(Frame.Run run, Consumer<Frame.Answer> answers) {
    this.id = run.id();
    this.deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(run.budgetMillis());
    this.answers = answers;
    this.waiting = run;
  }

  int id() {
    return id;
  }

  /** What waits to be begun; null if nothing does any more. */
  synchronized Frame.@Nullable Run waiting() {
    return waiting;
  }

  /** Bytes of input that wait. */
  synchronized long waitingBytes() {
    return waiting == null ? 0 : waiting.request().input().length;
  }

  /** Says what is to be done if it is cancelled while it still waits: at once, if it was. */
  void waits(Runnable leave) {
    synchronized (this) {
      preparing = false;
      if (!answered && !cancelled) {
        stop = leave;
        return;
      }
    }
    leave.run();
    answer(beforeItBegan());
  }

  /**
   * Has it prepared, until it {@link #waits}, {@link #begins} or is answered.
   *
   * @return false if it was cancelled while it waited
   */
  synchronized boolean prepares() {
    preparing = !answered;
    return preparing;
  }

  /**
   * Begins it.
   *
   * @param stops what a cancellation does from now on
   * @return false if it was cancelled before
   */
  synchronized boolean begins(Runnable stops) {
    preparing = false;
    if (answered) {
      return false;
    }
    waiting = null;
    stop = stops;
    return !cancelled;
  }

  /** Begins what looks by itself whether it is to go on, with {@link #check}. */
  boolean begins() {
    return begins(OpenOrder::nothing);
  }

  /** Stops it: at once if it waits, else as soon as it notices. */
  void cancel() {
    boolean waited;
    Runnable stops;
    synchronized (this) {
      cancelled = true;
      waited = waiting != null && !preparing;
      answered |= waited;
      waiting = waited ? null : waiting;
      stops = stop;
    }
    stops.run();
    if (waited) {
      answers.accept(beforeItBegan());
    }
  }

  private Frame.Answer beforeItBegan() {
    return new Frame.Faulted(id, Reason.INTERRUPTED.name(), "cancelled before it began");
  }

  /**
   * Asked by what takes long, between pieces of its work.
   *
   * @throws CancellationException if it is not to go on
   */
  void check() {
    if (cancelled || System.nanoTime() - deadlineNanos > 0) {
      throw new CancellationException("cancelled, or late");
    }
  }

  /** Answers it, unless it was. */
  void answer(Frame.Answer answer) {
    synchronized (this) {
      if (answered) {
        return;
      }
      answered = true;
      waiting = null;
    }
    answers.accept(answer);
  }

  private static void nothing() {}
}
