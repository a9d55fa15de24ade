package xyz.openledger.models.engine;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.protocol.Digest;

/**
 * Loads the adapters of those who wait while others compute, on a thread of its own. Only the
 * newest wish counts, so there is no queue; what cannot be loaded is left to who asks for it, who
 * hears why.
 */
final class Prefetch implements AutoCloseable {
  private final AdapterStore adapters;
  private final Thread thread;
  private List<Digest> wanted = List.of();
  private boolean changed;
  private boolean closed;

  Prefetch(AdapterStore adapters) {
    this.adapters = adapters;
    this.thread = Thread.ofPlatform().daemon().name("adapter-prefetch").start(this::run);
  }

  /** Who will be let in next needs these, the first first. */
  synchronized void want(List<Digest> next) {
    if (!next.equals(wanted)) {
      wanted = next;
      changed = true;
      notifyAll();
    }
  }

  private void run() {
    for (List<Digest> next = next(); next != null; next = next()) {
      try {
        while (adapters.prefetch(next) && !isChanged()) {
          // Step by step: a newer wish is heard after each.
        }
      } catch (IOException | RuntimeException leftToWhoAsks) {
        // The next wish may do better.
      }
    }
  }

  private synchronized boolean isChanged() {
    return changed || closed;
  }

  private synchronized @Nullable List<Digest> next() {
    while (!changed && !closed) {
      try {
        wait();
      } catch (InterruptedException stopped) {
        return null;
      }
    }
    changed = false;
    return closed ? null : wanted;
  }

  /** Waits for what is being read, since its memory may go after this; holds nothing any more. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException later) {
        interrupted = true;
      }
    }
    try {
      adapters.prefetch(List.of());
    } catch (IOException impossible) {
      throw new AssertionError("nothing is read for nobody", impossible);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
