package xyz.openledger.actors.journal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells live queries that events were committed. A query is called only while it waits, and once
 * per wait, so a busy query costs the writer nothing.
 */
final class Appends {
  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();

  /** One live query. */
  final class Subscription implements AutoCloseable {
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final Runnable wake;

    private Subscription(Runnable wake) {
      this.wake = wake;
    }

    /** Asks to be woken by the next commit. Look once more afterwards: one may just have passed. */
    void await() {
      waiting.set(true);
    }

    @Override
    public void close() {
      subscriptions.remove(this);
    }
  }

  /**
   * Subscribes.
   *
   * @param wake called on the writer thread, so it only passes the word on
   */
  Subscription subscribe(Runnable wake) {
    var subscription = new Subscription(wake);
    subscriptions.add(subscription);
    return subscription;
  }

  void committed() {
    for (var subscription : subscriptions) {
      if (subscription.waiting.get() && subscription.waiting.compareAndSet(true, false)) {
        subscription.wake.run();
      }
    }
  }
}
