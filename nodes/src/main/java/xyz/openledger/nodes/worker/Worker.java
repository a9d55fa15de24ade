package xyz.openledger.nodes.worker;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;

/** What the {@link Dispatcher} knows of one worker process. */
final class Worker {
  /**
   * Orders that fit into a pipe beside one another, so that writing to a busy worker never waits.
   */
  private static final int PIPE_BYTES = 48 << 10;

  private static final int FRAME_OVERHEAD_BYTES = 256;

  /** A module whose last run took no longer than this may have other tasks sent behind it. */
  private static final long QUICK_MICROS = 2_000;

  private static final int MODULES_REMEMBERED = 256;

  /**
   * An order that was sent.
   *
   * @param run whether it runs the task, or only loads its module
   */
  record Sent(int id, PendingTask pending, boolean run, int bytes, boolean quick) {}

  final int id;
  final ArrayDeque<Sent> sent = new ArrayDeque<>();

  /** Modules that it was seen to hold, with the CPU time of their last run. */
  private final Map<Digest, Long> heldMicros =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Long> eldest) {
          return size() > MODULES_REMEMBERED;
        }
      };

  /** When it was started, and from then on when its first unanswered order became the first. */
  long sinceNanos;

  /** When its place is for a younger one. */
  long retiresNanos;

  boolean ready;
  boolean retiring;
  int tasksServed;

  /** The worker that takes this one's place when it is ready. */
  @Nullable Worker successor;

  /** Whether this one is to take another's place. */
  boolean succeeds;

  /** Whether this one waits for another to be lost. */
  boolean spare;

  /** Whose tasks it runs, where it runs those of one tenant; null before the first. */
  @Nullable Long share;

  /** Why it is being killed, if it is. */
  @Nullable String killedFor;

  boolean overdue;

  Worker(int id, long nowNanos) {
    this.id = id;
    this.sinceNanos = nowNanos;
  }

  boolean takesTasks() {
    return ready && !retiring && !spare && killedFor == null;
  }

  /** Whether it has run nothing, or only what the same tenant pays for. */
  boolean isFor(long tenant) {
    return share == null || share == tenant;
  }

  boolean holds(Digest module) {
    return heldMicros.containsKey(module);
  }

  void holds(Digest module, long micros) {
    heldMicros.put(module, micros);
  }

  void lacks(Digest module) {
    heldMicros.remove(module);
  }

  boolean isQuick(Digest module) {
    Long micros = heldMicros.get(module);
    return micros != null && micros <= QUICK_MICROS;
  }

  /**
   * Whether the task may be sent now: to an idle worker always, to a busy one if nothing will have
   * to wait for long.
   */
  boolean accepts(PendingTask pending, int pipelineMax) {
    if (sent.isEmpty()) {
      return true;
    }
    long bytes = bytes(pending.task);
    for (Sent before : sent) {
      bytes += before.bytes;
      if (!before.quick) {
        return false;
      }
    }
    return sent.size() < pipelineMax && bytes <= PIPE_BYTES;
  }

  /** What sending a task takes, its module included if the worker lacks it. */
  private long bytes(WorkerTask task) {
    long module = holds(task.module().digest()) ? 0 : task.module().bytes().length;
    return module + runBytes(task);
  }

  static int runBytes(WorkerTask task) {
    int arguments =
        task.request().arguments().stream().mapToInt(argument -> 4 + 3 * argument.length()).sum();
    return FRAME_OVERHEAD_BYTES + arguments + task.request().input().length;
  }
}
