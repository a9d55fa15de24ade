package xyz.openledger.nodes.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import xyz.openledger.nodes.execution.ExecutionFault;
import xyz.openledger.protocol.Problem;

/**
 * Decides which worker runs what; {@link Staffing} says which workers there are. It has no clock,
 * no thread and no process: each method takes what happened and answers what to do about it.
 *
 * <p>A task whose worker ends under it is a fault if it was that worker's turn to run it; the ones
 * behind it are tried once more elsewhere.
 *
 * <p>Where tenants are kept apart, a worker runs tasks of one tenant alone. If the next task finds
 * none for its own, an idle one of another tenant is killed and a new one started.
 */
final class Dispatcher {
  private static final long MILLI = 1_000_000;
  private static final long LOAD_BUDGET_NANOS = 60_000 * MILLI;
  private static final int ATTEMPTS_MAX = 2;

  private static final String CLOSING = "the workers are being shut down";

  /** Most tasks end within this time anyway, and a new worker costs more. */
  private static final long CANCELLED_GRACE_NANOS = 100 * MILLI;

  /** What the shell is to do. */
  sealed interface Effect {}

  record Start(int worker) implements Effect {}

  record Send(int worker, List<Frame> frames) implements Effect {}

  record Kill(int worker) implements Effect {}

  record Complete(PendingTask pending, TaskResult result) implements Effect {}

  private final WorkerSettings settings;
  private final long startTimeoutNanos;
  private final Staffing staffing;
  private final ArrayDeque<PendingTask> waiting = new ArrayDeque<>();
  private List<Effect> effects = new ArrayList<>();
  private int nextOrder = 1;
  private long tasksCompleted;
  private long workersLost;
  private boolean closed;

  /** For workers that are processes of this machine. */
  Dispatcher(WorkerSettings settings, long nowNanos) {
    this(settings, WorkerSettings.START_TIMEOUT, Duration.ofDays(36_500), nowNanos);
  }

  /**
   * With no worker yet.
   *
   * @param startTimeout how long a worker may take to start
   * @param lifeMax how long one may live before it is ended whatever it does; it is replaced before
   */
  Dispatcher(WorkerSettings settings, Duration startTimeout, Duration lifeMax, long nowNanos) {
    this.settings = settings;
    this.startTimeoutNanos = startTimeout.toNanos();
    this.staffing = new Staffing(settings, lifeMax, nowNanos, effect -> effects.add(effect));
  }

  /** Somebody wants a task run. */
  List<Effect> submitted(PendingTask pending, long nowNanos) {
    long wanted = pending.task.request().limits().memoryMaxBytes();
    if (closed) {
      fault(pending, Problem.UNAVAILABLE, CLOSING);
    } else if (wanted > settings.memoryMaxBytes()) {
      fault(
          pending,
          Problem.SANDBOX_FAILED,
          "the task may use %d bytes of memory, a worker here has %d"
              .formatted(wanted, settings.memoryMaxBytes()));
    } else {
      waiting.add(pending);
      dispatch(nowNanos);
      if (waiting.size() > settings.queueMax()) {
        fault(waiting.removeLast(), Problem.NO_CREDIT, "too many tasks wait for a worker");
      }
    }
    return take();
  }

  /** Nobody wants a task any more: it is not begun, and if it runs on for long, stopped. */
  List<Effect> cancelled(PendingTask pending, long nowNanos) {
    if (!waiting.remove(pending)) {
      pending.cancelledNanos = nowNanos;
      pending.cancelled = true;
    }
    return take();
  }

  /** A worker said something. */
  List<Effect> heard(int workerId, Frame frame, long nowNanos) {
    Worker worker = staffing.alive(workerId);
    if (worker != null) {
      switch (frame) {
        case Frame.Ready(int version) -> ready(worker, version, nowNanos);
        case Frame.Answer answer -> answered(worker, answer, nowNanos);
        case Frame.Listen _, Frame.Grew _, Frame.Pong _, Frame.Together _ ->
            staffing.kill(worker, "it speaks of answers that grow");
        case Frame.Order order -> staffing.kill(worker, "it sent an order, " + order.id());
      }
      dispatch(nowNanos);
    }
    return take();
  }

  /** A worker's process has ended, or could not be started. */
  List<Effect> ended(int workerId, String reason, long nowNanos) {
    Worker worker = staffing.ended(workerId);
    if (worker == null) {
      return take();
    }
    String why = worker.killedFor == null ? reason : worker.killedFor;
    if (!worker.retiring && !closed) {
      workersLost++;
    }
    boolean idle = worker.sent.isEmpty() && worker.tasksServed == 0 && worker.killedFor == null;
    settle(worker, why);
    staffing.promote();
    if (!worker.ready || idle) {
      failedStart(why, nowNanos);
    }
    dispatch(nowNanos);
    staffing.staff(nowNanos);
    return take();
  }

  /** Time has passed. */
  List<Effect> tick(long nowNanos) {
    for (Worker worker : staffing.workers()) {
      if (worker.killedFor == null && nowNanos - deadlineNanos(worker) >= 0) {
        worker.overdue = worker.ready;
        staffing.kill(
            worker, worker.ready ? "the task went over its time" : "the worker did not start");
      }
    }
    staffing.retire(nowNanos);
    staffing.staff(nowNanos);
    return take();
  }

  /** No more tasks; those that are here end as faults. */
  List<Effect> close() {
    closed = true;
    waiting.forEach(this::faultOnClose);
    waiting.clear();
    for (Worker worker : staffing.workers()) {
      worker.sent.stream()
          .filter(Worker.Sent::run)
          .map(Worker.Sent::pending)
          .forEach(this::faultOnClose);
      worker.sent.clear();
    }
    staffing.close(CLOSING);
    return take();
  }

  /** When {@link #tick} has something to do again; {@link Long#MAX_VALUE} later at most. */
  long wakeInNanos(long nowNanos) {
    long wait = Long.MAX_VALUE;
    for (Worker worker : staffing.workers()) {
      if (worker.killedFor == null && (!worker.ready || !worker.sent.isEmpty())) {
        wait = Math.min(wait, deadlineNanos(worker) - nowNanos);
      }
    }
    wait = Math.min(wait, staffing.retireInNanos(nowNanos));
    return Math.max(0, Math.min(wait, staffing.startInNanos(nowNanos)));
  }

  PoolStatistics statistics() {
    int ready = 0;
    int running = 0;
    int spares = 0;
    for (Worker worker : staffing.workers()) {
      ready += worker.takesTasks() ? 1 : 0;
      spares += worker.spare && worker.ready && worker.killedFor == null ? 1 : 0;
      running += (int) worker.sent.stream().filter(Worker.Sent::run).count();
    }
    return new PoolStatistics(ready, running, waiting.size(), tasksCompleted, workersLost, spares);
  }

  private void ready(Worker worker, int version, long nowNanos) {
    if (worker.ready || version != Frame.VERSION) {
      staffing.kill(worker, "it speaks version %d, not %d".formatted(version, Frame.VERSION));
      return;
    }
    staffing.ready(worker, nowNanos);
  }

  private void answered(Worker worker, Frame.Answer answer, long nowNanos) {
    Worker.Sent first = worker.sent.peek();
    if (first == null || first.id() != answer.id()) {
      staffing.kill(worker, "it answered order %d out of turn".formatted(answer.id()));
      return;
    }
    worker.sent.remove();
    worker.sinceNanos = nowNanos;
    // Not when it says that it is ready, which it does before it has run anything.
    staffing.worked();
    if (first.run()) {
      ranOrNot(worker, first.pending(), answer);
    } else {
      loadedOrNot(worker, first.pending(), answer);
    }
    if (worker.tasksServed >= settings.recycleAfterTasks()) {
      staffing.succeed(worker, nowNanos);
    }
    staffing.killIfRetired(worker);
  }

  private void loadedOrNot(Worker worker, PendingTask pending, Frame.Answer answer) {
    switch (answer) {
      case Frame.Loaded _ -> {}
      case Frame.Refused(_, String reason, int byteOffset, String sentence) -> {
        pending.refusal = new TaskResult.Refused(reason, byteOffset, sentence);
        worker.lacks(pending.task.module().digest());
      }
      case Frame.Faulted faulted -> {
        // The run behind it will say that the module is unknown, and then there is no use in trying
        // again.
        pending.attempts = ATTEMPTS_MAX;
        worker.lacks(pending.task.module().digest());
        replaceIfBroken(worker, faulted);
      }
      default ->
          staffing.kill(worker, "it answered a load with " + answer.getClass().getSimpleName());
    }
  }

  private void ranOrNot(Worker worker, PendingTask pending, Frame.Answer answer) {
    worker.tasksServed++;
    switch (answer) {
      case Frame.Ran ran when keepsLimits(ran, pending) -> {
        worker.holds(pending.task.module().digest(), ran.execution().cpuMicros());
        tasksCompleted++;
        complete(pending, new TaskResult.Completed(ran.code(), ran.execution()));
      }
      case Frame.Unknown _ -> unknown(worker, pending);
      case Frame.Faulted faulted -> {
        fault(pending, problem(faulted.reason()), faulted.detail());
        replaceIfBroken(worker, faulted);
      }
      default -> {
        fault(pending, Problem.SANDBOX_FAILED, "the worker's answer makes no sense");
        staffing.kill(worker, "it answered a run with " + answer.getClass().getSimpleName());
      }
    }
  }

  /** A worker that claims more than the task allows is not one of ours any more. */
  private static boolean keepsLimits(Frame.Ran ran, PendingTask pending) {
    var limits = pending.task.request().limits();
    var execution = ran.execution();
    return execution.fuelUsed() >= 0
        && execution.fuelUsed() <= limits.fuelMax()
        && execution.output().length <= limits.outputMaxBytes();
  }

  private void unknown(Worker worker, PendingTask pending) {
    worker.lacks(pending.task.module().digest());
    if (pending.refusal != null) {
      complete(pending, pending.refusal);
    } else {
      retry(pending, "the worker could not load the module");
    }
  }

  private static Problem problem(String reason) {
    return reason.equals(ExecutionFault.Reason.INTERRUPTED.name())
        ? Problem.DEADLINE_PASSED
        : Problem.SANDBOX_FAILED;
  }

  /** A worker that ran out of something, or whose engine broke, may be in any state. */
  private void replaceIfBroken(Worker worker, Frame.Faulted faulted) {
    if (!faulted.reason().equals(ExecutionFault.Reason.INTERRUPTED.name())) {
      worker.tasksServed = settings.recycleAfterTasks();
    }
  }

  private void dispatch(long nowNanos) {
    while (!waiting.isEmpty()) {
      PendingTask next = waiting.peek();
      Optional<Worker> worker = choose(next);
      if (worker.isEmpty()) {
        makeRoom(next, nowNanos);
        return;
      }
      waiting.remove();
      send(worker.get(), next, nowNanos);
    }
  }

  private Optional<Worker> choose(PendingTask pending) {
    return staffing.workers().stream()
        .filter(Worker::takesTasks)
        .filter(worker -> !settings.apart() || worker.isFor(pending.task.share()))
        .filter(worker -> worker.accepts(pending, settings.pipelineMax()))
        .min(
            Comparator.comparingInt((Worker worker) -> worker.sent.size())
                .thenComparing(worker -> !worker.holds(pending.task.module().digest())));
  }

  /** Lets an idle worker of another tenant go, unless a new one is on its way already. */
  private void makeRoom(PendingTask pending, long nowNanos) {
    boolean coming =
        staffing.workers().stream()
            .anyMatch(worker -> !worker.ready && !worker.spare && worker.killedFor == null);
    if (!settings.apart() || coming) {
      return;
    }
    staffing.workers().stream()
        .filter(Worker::takesTasks)
        .filter(worker -> worker.sent.isEmpty() && !worker.isFor(pending.task.share()))
        .findFirst()
        .ifPresent(
            worker -> {
              staffing.replace(worker, "its place is for another tenant", nowNanos);
              if (choose(pending).isPresent()) {
                // A spare that was ready took the place.
                dispatch(nowNanos);
              }
            });
  }

  private void send(Worker worker, PendingTask pending, long nowNanos) {
    if (worker.sent.isEmpty()) {
      worker.sinceNanos = nowNanos;
    }
    worker.share = pending.task.share();
    var frames = new ArrayList<Frame>();
    WorkerModule module = pending.task.module();
    boolean quick = worker.isQuick(module.digest());
    if (!worker.holds(module.digest())) {
      int id = nextOrder++;
      frames.add(new Frame.Load(id, module.digest(), module.bytes()));
      worker.sent.add(new Worker.Sent(id, pending, false, module.bytes().length, false));
      worker.holds(module.digest(), Long.MAX_VALUE);
    }
    int id = nextOrder++;
    int budgetMillis = (int) pending.task.budget().toMillis();
    frames.add(
        new Frame.Run(
            id, module.digest(), budgetMillis, pending.task.share(), pending.task.request()));
    worker.sent.add(new Worker.Sent(id, pending, true, Worker.runBytes(pending.task), quick));
    effects.add(new Send(worker.id, frames));
  }

  /** Settles what a worker leaves behind. */
  private void settle(Worker worker, String why) {
    Worker.Sent first = worker.sent.peek();
    var behind = new ArrayDeque<PendingTask>();
    for (Worker.Sent sent : worker.sent) {
      if (!sent.run()) {
        continue;
      }
      if (first != null && sent.pending() == first.pending()) {
        fault(
            sent.pending(),
            worker.overdue ? Problem.DEADLINE_PASSED : Problem.SANDBOX_FAILED,
            "the worker ended: " + why);
      } else {
        behind.push(sent.pending());
      }
    }
    behind.forEach(pending -> retry(pending, "the worker ended: " + why));
  }

  private void retry(PendingTask pending, String why) {
    pending.attempts++;
    if (pending.attempts >= ATTEMPTS_MAX || closed) {
      fault(pending, Problem.SANDBOX_FAILED, why);
    } else {
      waiting.addFirst(pending);
    }
  }

  private void failedStart(String why, long nowNanos) {
    staffing.failedStart(nowNanos);
    if (staffing.workers().stream().noneMatch(Worker::takesTasks)) {
      waiting.forEach(
          pending -> fault(pending, Problem.SANDBOX_FAILED, "no worker starts: " + why));
      waiting.clear();
    }
  }

  private long deadlineNanos(Worker worker) {
    if (!worker.ready) {
      return worker.sinceNanos + startTimeoutNanos;
    }
    Worker.Sent first = worker.sent.peek();
    if (first == null) {
      return worker.sinceNanos + Long.MAX_VALUE / 2;
    }
    long budget = first.run() ? first.pending().task.budget().toNanos() : LOAD_BUDGET_NANOS;
    long deadline = worker.sinceNanos + budget + WorkerSettings.GRACE.toNanos();
    if (!first.run() || !first.pending().cancelled) {
      return deadline;
    }
    long begun = Math.max(first.pending().cancelledNanos - worker.sinceNanos, 0);
    return Math.min(deadline, worker.sinceNanos + begun + CANCELLED_GRACE_NANOS);
  }

  private void fault(PendingTask pending, Problem problem, String detail) {
    complete(pending, new TaskResult.Faulted(problem, detail));
  }

  private void faultOnClose(PendingTask pending) {
    fault(pending, Problem.UNAVAILABLE, CLOSING);
  }

  private void complete(PendingTask pending, TaskResult result) {
    effects.add(new Complete(pending, result));
  }

  private List<Effect> take() {
    List<Effect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }
}
