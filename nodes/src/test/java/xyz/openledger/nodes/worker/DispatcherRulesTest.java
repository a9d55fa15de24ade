package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;

/** One rule of the dispatcher in each test, with workers that do as they are told. */
class DispatcherRulesTest {
  private static final long SECOND = 1_000_000_000;
  private static final int QUICK_MICROS = 50;
  private static final int SLOW_MICROS = 50_000;

  private final List<Dispatcher.Effect> seen = new ArrayList<>();
  private int answered;
  private Dispatcher dispatcher = new Dispatcher(WorkerSettings.of(1), 0);

  @Test
  void sendsAModuleOnceAndThenOnlyTasks() {
    int worker = start();

    assertThat(submit(task(1))).hasExactlyElementsOfTypes(Frame.Load.class, Frame.Run.class);
    answerAll(worker, QUICK_MICROS);

    assertThat(submit(task(1))).hasExactlyElementsOfTypes(Frame.Run.class);
  }

  @Test
  void givesASpareNothingUntilAWorkerIsLostAndThenAtOnce() {
    dispatcher = new Dispatcher(WorkerSettings.of(1).withSpares(1), 0);
    perform(dispatcher.tick(0));
    var started = seen.stream().map(effect -> ((Dispatcher.Start) effect).worker()).toList();
    started.forEach(worker -> perform(dispatcher.heard(worker, new Frame.Ready(1), 0)));
    submit(task(1));
    assertThat(submit(task(2))).as("a second task, while the only worker is busy").isEmpty();

    perform(dispatcher.ended(started.getFirst(), "crashed", 1));

    assertThat(seen.getLast()).isInstanceOf(Dispatcher.Start.class);
    assertThat(seen).anyMatch(sentTo(started.getLast()));
    assertThat(dispatcher.statistics().workersReady()).isEqualTo(1);
    assertThat(dispatcher.statistics().sparesReady()).isZero();
  }

  @Test
  void waitsBeforeItReplacesAWorkerThatEndedWithoutHavingBeenAskedAnything() {
    int worker = start();

    perform(dispatcher.ended(worker, "warm-up failed", 1));
    assertThat(seen).filteredOn(Dispatcher.Start.class::isInstance).hasSize(1);

    perform(dispatcher.tick(SECOND));
    assertThat(seen).filteredOn(Dispatcher.Start.class::isInstance).hasSize(2);
  }

  @Test
  void replacesWorkersOneByOneLongBeforeTheyAreEnded() {
    long hour = 3_600 * SECOND;
    dispatcher =
        new Dispatcher(
            WorkerSettings.of(16), WorkerSettings.START_TIMEOUT, Duration.ofHours(48), 7);
    perform(dispatcher.tick(7));
    seen.forEach(start -> perform(dispatcher.heard(worker(start), new Frame.Ready(1), 7)));
    var starts = new ArrayList<Long>();
    var replaced = new ArrayList<Integer>();
    for (long now = 7; now < 24 * hour; now += Math.max(1, dispatcher.wakeInNanos(now))) {
      for (Dispatcher.Effect effect : dispatcher.tick(now)) {
        starts.add(now);
        dispatcher
            .heard(worker(effect), new Frame.Ready(1), now)
            .forEach(kill -> replaced.add(((Dispatcher.Kill) kill).worker()));
      }
    }

    assertThat(replaced).doesNotHaveDuplicates().contains(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    assertThat(replaced).contains(13, 14, 15, 16);
    assertThat(starts).allMatch(at -> at >= 12 * hour);
    assertThat(starts.stream().map(at -> at / (60 * SECOND)).distinct().count())
        .as("minutes in which one is replaced")
        .isGreaterThan(12);
    assertThat(dispatcher.statistics().workersLost()).isZero();
  }

  @Test
  void anOldWorkerEndsItsTaskAndGetsNoOther() {
    dispatcher =
        new Dispatcher(WorkerSettings.of(1), WorkerSettings.START_TIMEOUT, Duration.ofHours(48), 0);
    int old = start();
    long day = 86_400 * SECOND;
    perform(dispatcher.tick(day));
    int young = lastStarted();
    submit(task(1));

    perform(dispatcher.heard(young, new Frame.Ready(1), day));
    assertThat(seen).noneMatch(Dispatcher.Kill.class::isInstance);
    submit(task(2));
    assertThat(seen).anyMatch(sentTo(young));
    answerAll(old, SLOW_MICROS);

    assertThat(seen).contains(new Dispatcher.Kill(old));
  }

  private static int worker(Dispatcher.Effect start) {
    return ((Dispatcher.Start) start).worker();
  }

  private static Predicate<Dispatcher.Effect> sentTo(int worker) {
    return effect -> effect instanceof Dispatcher.Send(int to, _) && to == worker;
  }

  @Test
  void sendsSmallTasksBehindQuickOnes() {
    int worker = start();
    submit(task(1));
    answerAll(worker, QUICK_MICROS);

    submit(task(1));

    assertThat(submit(task(1))).hasSize(1);
  }

  @Test
  void letsNothingWaitBehindATaskThatMayBeLong() {
    int worker = start();
    submit(task(1));
    answerAll(worker, SLOW_MICROS);

    submit(task(1));

    assertThat(submit(task(1))).isEmpty();
    assertThat(dispatcher.statistics().tasksWaiting()).isEqualTo(1);
  }

  @Test
  void writesToABusyWorkerOnlyWhatFitsIntoThePipe() {
    int worker = start();
    submit(task(1));
    answerAll(worker, QUICK_MICROS);

    submit(task(1));

    assertThat(submit(task(1, new byte[60_000]))).isEmpty();
  }

  @Test
  void faultsTheTaskUnderAWorkerThatEndsAndTriesTheOthersAgain() {
    int worker = start();
    submit(task(1));
    answerAll(worker, QUICK_MICROS);
    var under = task(1);
    var behind = task(1);
    submit(under);
    submit(behind);

    perform(dispatcher.ended(worker, "crashed", 1));

    assertThat(problem(under)).isEqualTo(Problem.SANDBOX_FAILED);
    assertThat(behind.result).isNotDone();
    answerAll(ready(lastStarted()), QUICK_MICROS);
    assertThat(behind.result.resultNow()).isInstanceOf(TaskResult.Completed.class);
  }

  @Test
  void killsAWorkerThatRunsOnWithATaskThatNobodyWantsAndNoOther() {
    int worker = start();
    var unwanted = task(1);
    var waits = task(2);
    submit(unwanted);
    submit(waits);
    answer(Frame.Load.class, new Frame.Loaded(lastId(Frame.Load.class), digest(1)));
    unwanted.result.cancel(true);

    assertThat(dispatcher.cancelled(unwanted, 1_000_000)).isEmpty();
    assertThat(dispatcher.tick(100_000_000)).as("it may be done any moment").isEmpty();
    assertThat(dispatcher.tick(102_000_000)).containsExactly(new Dispatcher.Kill(worker));

    perform(dispatcher.ended(worker, "killed", 103_000_000));
    assertThat(waits.result).isNotDone();
    answerAll(ready(lastStarted()), QUICK_MICROS);
    assertThat(waits.result.resultNow()).isInstanceOf(TaskResult.Completed.class);
  }

  @Test
  void doesNotBeginWhatNobodyWants() {
    var unwanted = task(1);
    submit(unwanted);
    unwanted.result.cancel(true);
    dispatcher.cancelled(unwanted, 1);

    start();

    assertThat(seen).noneMatch(Dispatcher.Send.class::isInstance);
  }

  @Test
  void sendsAForgottenModuleAgain() {
    int worker = start();
    submit(task(1));
    answerAll(worker, QUICK_MICROS);
    var forgotten = task(1);
    submit(forgotten);

    answer(Frame.Run.class, new Frame.Unknown(lastId(Frame.Run.class)));

    assertThat(frames(seen.subList(seen.size() - 1, seen.size())))
        .hasExactlyElementsOfTypes(Frame.Load.class, Frame.Run.class);
    answerAll(worker, QUICK_MICROS);
    assertThat(forgotten.result.resultNow()).isInstanceOf(TaskResult.Completed.class);
  }

  @Test
  void givesUpOnAModuleThatAWorkerKeepsForgetting() {
    start();
    var forgotten = task(1);
    submit(forgotten);

    for (int i = 0; i < 2; i++) {
      assertThat(forgotten.result).isNotDone();
      answer(Frame.Load.class, new Frame.Loaded(lastId(Frame.Load.class), digest(1)));
      answer(Frame.Run.class, new Frame.Unknown(lastId(Frame.Run.class)));
    }

    assertThat(problem(forgotten)).isEqualTo(Problem.SANDBOX_FAILED);
  }

  @Test
  void doesNotTryAModuleAgainThatBrokeTheEngine() {
    start();
    var task = task(1);
    submit(task);

    answer(
        Frame.Load.class, new Frame.Faulted(lastId(Frame.Load.class), "ENGINE_FAILED", "broken"));
    answer(Frame.Run.class, new Frame.Unknown(lastId(Frame.Run.class)));

    assertThat(problem(task)).isEqualTo(Problem.SANDBOX_FAILED);
  }

  @Test
  void countsATasksTimeFromTheEndOfTheOneBeforeIt() {
    int worker = start();
    submit(task(1));
    answerAll(worker, QUICK_MICROS);
    submit(task(1));
    int first = lastId(Frame.Run.class);
    var second = task(1);
    submit(second);
    var done = new Execution(Outcome.Status.FINISHED, 0, 1, new byte[0], "", QUICK_MICROS);
    perform(dispatcher.heard(worker, new Frame.Ran(first, digest(1), done), 4 * SECOND));

    perform(dispatcher.tick(9 * SECOND));

    assertThat(seen).doesNotContain(new Dispatcher.Kill(worker));
    perform(dispatcher.tick(11 * SECOND));
    assertThat(seen).contains(new Dispatcher.Kill(worker));
  }

  @Test
  void killsAWorkerThatDoesNotEndATaskInTime() {
    start();
    var late = task(1);
    submit(late);
    long budget = late.task.budget().toNanos() + WorkerSettings.GRACE.toNanos();
    // The module has to be loaded first, which has a time of its own.
    answer(Frame.Load.class, new Frame.Loaded(lastId(Frame.Load.class), digest(1)));

    perform(dispatcher.tick(budget - 1));
    assertThat(late.result).isNotDone();
    perform(dispatcher.tick(budget));
    perform(dispatcher.ended(lastStarted(), "killed", budget));

    assertThat(problem(late)).isEqualTo(Problem.DEADLINE_PASSED);
  }

  @Test
  void startsTheSuccessorBeforeItLetsAWorkerGo() {
    dispatcher = new Dispatcher(WorkerSettings.of(1).withRecycleAfterTasks(1), 0);
    int old = start();
    submit(task(1));
    answerAll(old, QUICK_MICROS);
    int successor = lastStarted();
    assertThat(successor).isNotEqualTo(old);

    var meanwhile = task(1);
    submit(meanwhile);
    assertThat(sendTo()).isEqualTo(old);
    ready(successor);
    answerAll(old, QUICK_MICROS);

    assertThat(meanwhile.result.resultNow()).isInstanceOf(TaskResult.Completed.class);
    assertThat(seen).contains(new Dispatcher.Kill(old));
    submit(task(1));
    assertThat(sendTo()).isEqualTo(successor);
  }

  @Test
  void replacesAWorkerThatRanOutOfSomething() {
    int worker = start();
    var task = task(1);
    submit(task);
    answer(Frame.Load.class, new Frame.Loaded(lastId(Frame.Load.class), digest(1)));

    answer(Frame.Run.class, new Frame.Faulted(lastId(Frame.Run.class), "HEAP_EXHAUSTED", "full"));

    assertThat(problem(task)).isEqualTo(Problem.SANDBOX_FAILED);
    assertThat(lastStarted()).isNotEqualTo(worker);
  }

  @Test
  void keepsAWorkerThatStoppedATaskInTime() {
    int worker = start();
    var task = task(1);
    submit(task);
    answer(Frame.Load.class, new Frame.Loaded(lastId(Frame.Load.class), digest(1)));

    answer(Frame.Run.class, new Frame.Faulted(lastId(Frame.Run.class), "INTERRUPTED", "late"));

    assertThat(problem(task)).isEqualTo(Problem.DEADLINE_PASSED);
    assertThat(lastStarted()).isEqualTo(worker);
  }

  @Test
  void startsAnotherSuccessorWhenTheFirstFails() {
    dispatcher = new Dispatcher(WorkerSettings.of(1).withRecycleAfterTasks(1), 0);
    int old = start();
    submit(task(1));
    answerAll(old, QUICK_MICROS);
    int first = lastStarted();
    perform(dispatcher.ended(first, "no", 0));

    submit(task(1));
    int run = lastId(Frame.Run.class);
    var done = new Execution(Outcome.Status.FINISHED, 0, 1, new byte[0], "", QUICK_MICROS);
    perform(dispatcher.heard(old, new Frame.Ran(run, digest(1), done), SECOND));

    assertThat(lastStarted()).isGreaterThan(first);
  }

  @Test
  void waitsLongerAfterEachStartThatFails() {
    var waits = new ArrayList<Long>();
    long now = 0;
    for (int i = 0; i < 12; i++) {
      perform(dispatcher.tick(now));
      perform(dispatcher.ended(lastStarted(), "no", now));
      long wait = dispatcher.wakeInNanos(now);
      waits.add(wait);
      now += wait;
    }

    assertThat(waits).isSorted().startsWith(SECOND / 4, SECOND / 2, SECOND).endsWith(32 * SECOND);
  }

  @Test
  void faultsWhatWaitsWhenNoWorkerStarts() {
    perform(dispatcher.tick(0));
    var waiting = task(1);
    submit(waiting);

    perform(dispatcher.ended(lastStarted(), "bwrap: no permission", 0));

    assertThat(waiting.result.resultNow())
        .isInstanceOfSatisfying(
            TaskResult.Faulted.class,
            faulted -> assertThat(faulted.detail()).contains("bwrap: no permission"));
  }

  @Test
  void refusesOneTaskMoreThanMayWait() {
    dispatcher = new Dispatcher(WorkerSettings.of(1).withQueueMax(2), 0);
    var tasks = List.of(task(1), task(1), task(1));

    tasks.forEach(this::submit);

    assertThat(tasks.get(1).result).isNotDone();
    assertThat(problem(tasks.get(2))).isEqualTo(Problem.NO_CREDIT);
  }

  @Test
  void killsAWorkerThatAnswersOutOfTurn() {
    int worker = start();
    submit(task(1));

    perform(dispatcher.heard(worker, new Frame.Unknown(lastId(Frame.Run.class)), 1));

    assertThat(seen).contains(new Dispatcher.Kill(worker));
  }

  @Test
  void believesNoWorkerThatBurnsOrWritesMoreThanTheTaskMay() {
    start();
    var task = task(1);
    submit(task);
    answer(Frame.Load.class, new Frame.Loaded(lastId(Frame.Load.class), digest(1)));
    var tooMuch = new Execution(Outcome.Status.FINISHED, 0, 2, new byte[0], "", 1);

    answer(Frame.Run.class, new Frame.Ran(lastId(Frame.Run.class), digest(1), tooMuch));

    assertThat(problem(task)).isEqualTo(Problem.SANDBOX_FAILED);
    assertThat(seen).contains(new Dispatcher.Kill(lastStarted()));
  }

  @Test
  void doesNotTryAModuleAgainThatTheGateRefused() {
    start();
    var refused = task(1);
    submit(refused);

    answer(
        Frame.Load.class,
        new Frame.Refused(lastId(Frame.Load.class), "malformed", 12, "it makes no sense"));
    answer(Frame.Run.class, new Frame.Unknown(lastId(Frame.Run.class)));

    assertThat(refused.result.resultNow())
        .isEqualTo(new TaskResult.Refused("malformed", 12, "it makes no sense"));
  }

  private int start() {
    perform(dispatcher.tick(0));
    return ready(lastStarted());
  }

  private int ready(int worker) {
    perform(dispatcher.heard(worker, new Frame.Ready(Frame.VERSION), 0));
    return worker;
  }

  /** The frames that were sent for it at once. */
  private List<Frame> submit(PendingTask pending) {
    int before = seen.size();
    perform(dispatcher.submitted(pending, 0));
    return frames(seen.subList(before, seen.size()));
  }

  private void perform(List<Dispatcher.Effect> effects) {
    for (var effect : effects) {
      seen.add(effect);
      if (effect instanceof Dispatcher.Complete(PendingTask pending, TaskResult result)) {
        pending.result.complete(result);
      }
    }
  }

  /** Answers every order that was sent to that worker and not yet answered. */
  private void answerAll(int worker, long micros) {
    var execution = new Execution(Outcome.Status.FINISHED, 0, 1, new byte[0], "", micros);
    var sent =
        seen.stream().filter(e -> e instanceof Dispatcher.Send send && send.worker() == worker);
    for (Frame frame : frames(sent.toList())) {
      var order = (Frame.Order) frame;
      if (order.id() > answered) {
        answered = order.id();
        perform(
            dispatcher.heard(
                worker,
                order instanceof Frame.Load load
                    ? new Frame.Loaded(load.id(), load.module())
                    : new Frame.Ran(order.id(), digest(1), execution),
                0));
      }
    }
  }

  private void answer(Class<? extends Frame> order, Frame answer) {
    answered = lastId(order);
    perform(dispatcher.heard(sendTo(), answer, 0));
  }

  private int lastId(Class<? extends Frame> type) {
    return frames(seen).stream()
        .filter(type::isInstance)
        .mapToInt(frame -> ((Frame.Order) frame).id())
        .max()
        .orElseThrow();
  }

  private int lastStarted() {
    return last(Dispatcher.Start.class).worker();
  }

  private int sendTo() {
    return last(Dispatcher.Send.class).worker();
  }

  private <T> T last(Class<T> type) {
    return seen.stream().filter(type::isInstance).map(type::cast).reduce((_, b) -> b).orElseThrow();
  }

  private static List<Frame> frames(List<Dispatcher.Effect> effects) {
    return effects.stream()
        .filter(Dispatcher.Send.class::isInstance)
        .flatMap(effect -> ((Dispatcher.Send) effect).frames().stream())
        .toList();
  }

  private static Problem problem(PendingTask pending) {
    return ((TaskResult.Faulted) pending.result.resultNow()).problem();
  }

  private static Digest digest(int number) {
    return new Digest(number, 0, 0, 0);
  }

  private static PendingTask task(int module) {
    return task(module, new byte[0]);
  }

  private static PendingTask task(int module, byte[] input) {
    return new PendingTask(
        new WorkerTask(
            new WorkerModule(digest(module), new byte[10]),
            new ExecutionRequest(digest(0), List.of(), input, new ExecutionLimits(1, 1 << 16, 1)),
            Duration.ofSeconds(5)));
  }
}
