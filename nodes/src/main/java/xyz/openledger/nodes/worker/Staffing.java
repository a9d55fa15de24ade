package xyz.openledger.nodes.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which workers there are, and when one is started, replaced or killed: as many that run tasks as
 * the settings say, and the spares beside them. A worker is replaced without a pause, as its
 * successor starts first. Starts that fail are tried again ever later.
 */
final class Staffing {
  private static final long MILLI = 1_000_000;
  private static final long BACKOFF_MIN_NANOS = 250 * MILLI;
  private static final int BACKOFF_DOUBLINGS_MAX = 7;

  private final WorkerSettings settings;
  private final Consumer<Dispatcher.Effect> effects;
  private final long lifeMaxNanos;
  private final SplittableRandom random;
  private final Map<Integer, Worker> workers = new LinkedHashMap<>();
  private int nextId = 1;
  private int failedStarts;
  private long startNotBeforeNanos;
  private boolean closed;

  /**
   * @param lifeMax after which a worker is ended whatever it does
   * @param nowNanos also seeds the ages at which workers are replaced
   * @param effects takes what the shell is to do
   */
  Staffing(
      WorkerSettings settings,
      Duration lifeMax,
      long nowNanos,
      Consumer<Dispatcher.Effect> effects) {
    this.settings = settings;
    this.lifeMaxNanos = lifeMax.toNanos();
    this.random = new SplittableRandom(nowNanos);
    this.effects = effects;
    this.startNotBeforeNanos = nowNanos;
  }

  Collection<Worker> workers() {
    return workers.values();
  }

  /** The worker of that number, if it is there and is not being killed. */
  @Nullable Worker alive(int id) {
    Worker worker = workers.get(id);
    return worker == null || worker.killedFor != null ? null : worker;
  }

  /** It may be given tasks; the one whose place it takes gets no more. */
  void ready(Worker worker, long nowNanos) {
    worker.ready = true;
    worker.succeeds = false;
    worker.sinceNanos = nowNanos;
    for (Worker other : workers.values()) {
      if (other.successor == worker) {
        worker.spare = other.spare;
        other.retiring = true;
        other.successor = null;
        killIfRetired(other);
      }
    }
  }

  /** Forgets one whose process has ended; null if it was not there. */
  @Nullable Worker ended(int id) {
    Worker worker = workers.remove(id);
    if (worker == null) {
      return null;
    }
    workers.values().stream()
        .filter(other -> other.successor == worker)
        .forEach(other -> other.successor = null);
    if (worker.successor != null) {
      worker.successor.succeeds = false;
      worker.successor.spare = worker.spare;
    }
    return worker;
  }

  /** A worker did something, so that starts are worth while. */
  void worked() {
    failedStarts = 0;
  }

  void failedStart(long nowNanos) {
    long backoff = BACKOFF_MIN_NANOS << Math.min(failedStarts, BACKOFF_DOUBLINGS_MAX);
    failedStarts++;
    startNotBeforeNanos = nowNanos + backoff;
  }

  /** How long until one may be started that is missing; {@link Long#MAX_VALUE} if none is. */
  long startInNanos(long nowNanos) {
    return missing() > 0 ? startNotBeforeNanos - nowNanos : Long.MAX_VALUE;
  }

  private int missing() {
    long staffed =
        workers.values().stream().filter(worker -> !worker.retiring && !worker.succeeds).count();
    return closed ? 0 : (int) (settings.workers() + settings.spares() - staffed);
  }

  /** Those that run tasks, or will once they are ready. */
  private long acting() {
    return workers.values().stream()
        .filter(worker -> !worker.retiring && !worker.succeeds && !worker.spare)
        .count();
  }

  /** Gives the places of those lost to spares, ready ones first. */
  void promote() {
    for (long free = settings.workers() - acting(); free > 0; free--) {
      workers.values().stream()
          .filter(worker -> worker.spare && worker.killedFor == null)
          .min(Comparator.comparing(worker -> !worker.ready))
          .ifPresent(worker -> worker.spare = false);
    }
  }

  /** Starts those that are missing, if it is time. */
  void staff(long nowNanos) {
    if (nowNanos - startNotBeforeNanos >= 0) {
      for (int i = missing(); i > 0; i--) {
        boolean spare = acting() >= settings.workers();
        start(nowNanos).spare = spare;
      }
    }
  }

  /** Starts one that is to take the other's place. */
  void succeed(Worker worker, long nowNanos) {
    if (worker.successor == null && !worker.retiring && nowNanos - startNotBeforeNanos >= 0) {
      worker.successor = start(nowNanos);
      worker.successor.succeeds = true;
    }
  }

  /**
   * Has those replaced that are old: between a quarter and a half of what they may live, so that
   * the longest task ends by itself and those that began together do not all go together.
   */
  void retire(long nowNanos) {
    for (Worker worker : List.copyOf(workers.values())) {
      if (ages(worker) && nowNanos - worker.retiresNanos >= 0) {
        succeed(worker, nowNanos);
      }
    }
  }

  /** How long until {@link #retire} has something to do; {@link Long#MAX_VALUE} if never. */
  long retireInNanos(long nowNanos) {
    return workers.values().stream()
        .filter(Staffing::ages)
        .mapToLong(worker -> worker.retiresNanos - nowNanos)
        .map(wait -> Math.max(wait, startNotBeforeNanos - nowNanos))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private static boolean ages(Worker worker) {
    return worker.ready && !worker.retiring && worker.successor == null && worker.killedFor == null;
  }

  private Worker start(long nowNanos) {
    var worker = new Worker(nextId++, nowNanos);
    worker.retiresNanos =
        nowNanos + random.nextLong(lifeMaxNanos / 4, lifeMaxNanos - lifeMaxNanos / 2);
    workers.put(worker.id, worker);
    effects.accept(new Dispatcher.Start(worker.id));
    return worker;
  }

  /** Kills one so that another can be started in its place. */
  void replace(Worker worker, String why, long nowNanos) {
    worker.retiring = true;
    kill(worker, why);
    promote();
    staff(nowNanos);
  }

  void killIfRetired(Worker worker) {
    if (worker.retiring && worker.sent.isEmpty()) {
      kill(worker, "it has been replaced");
    }
  }

  void kill(Worker worker, String why) {
    if (worker.killedFor == null) {
      worker.killedFor = why;
      effects.accept(new Dispatcher.Kill(worker.id));
    }
  }

  /** Kills all; none is started again. */
  void close(String why) {
    closed = true;
    workers.values().forEach(worker -> kill(worker, why));
  }
}
