package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;

/**
 * Draws workers that crash, forget, hang, answer nonsense and fail to start, and checks what must
 * hold whatever they do. The seed names the case: run one again with {@code -Dseed=...}.
 */
class DispatcherTest {
  private static final long MILLI = 1_000_000;
  private static final Execution QUICK =
      new Execution(Outcome.Status.FINISHED, 0, 1, new byte[0], "", 20);

  /** A worker as the simulation plays it. */
  private static final class Actor {
    final ArrayDeque<Frame.Order> orders = new ArrayDeque<>();
    final Set<Digest> modules = new HashSet<>();
    final Set<Long> shares = new HashSet<>();
    boolean ready;
  }

  private static final class Simulation {
    final SplittableRandom random;
    final WorkerSettings settings;
    final Dispatcher dispatcher;
    final Map<Integer, Actor> actors = new HashMap<>();
    final List<PendingTask> submitted = new ArrayList<>();
    final Map<PendingTask, Integer> completions = new HashMap<>();
    long now;
    boolean calm;

    Simulation(long seed) {
      random = new SplittableRandom(seed);
      settings =
          new WorkerSettings(
              random.nextInt(1, 5),
              1 << 20,
              100,
              random.nextInt(0, 40),
              random.nextInt(1, 8),
              random.nextInt(1, 60),
              random.nextInt(0, 3),
              random.nextBoolean());
      now = random.nextLong();
      dispatcher = new Dispatcher(settings, now);
    }

    void perform(List<Dispatcher.Effect> effects) {
      for (var effect : effects) {
        switch (effect) {
          case Dispatcher.Start(int worker) -> {
            if (!calm && random.nextInt(6) == 0) {
              perform(dispatcher.ended(worker, "cannot start", now));
            } else {
              actors.put(worker, new Actor());
            }
          }
          case Dispatcher.Send(int worker, List<Frame> frames) -> {
            Actor actor = live(worker);
            for (Frame frame : frames) {
              actor.orders.add((Frame.Order) frame);
            }
            frames.stream()
                .filter(Frame.Run.class::isInstance)
                .forEach(run -> actor.shares.add(((Frame.Run) run).share()));
            assertThat(isAlone(actor, settings)).isTrue();
            long running = actor.orders.stream().filter(Frame.Run.class::isInstance).count();
            assertThat(running).isLessThanOrEqualTo(Math.max(1, settings.pipelineMax()));
          }
          case Dispatcher.Kill(int worker) -> {
            if (actors.remove(worker) != null) {
              perform(dispatcher.ended(worker, "killed", now));
            }
          }
          case Dispatcher.Complete(PendingTask pending, TaskResult result) -> {
            completions.merge(pending, 1, Integer::sum);
            pending.result.complete(result);
          }
        }
      }
    }

    /** Orders go to workers that live. */
    Actor live(int worker) {
      return Objects.requireNonNull(actors.get(worker), "an order for a worker that is gone");
    }

    void submit() {
      int module = random.nextInt(4);
      long memory = random.nextInt(20) == 0 ? 2 << 20 : 1 << 16;
      var task =
          new WorkerTask(
              new WorkerModule(new Digest(module, 0, 0, 0), new byte[random.nextInt(100_000)]),
              new ExecutionRequest(
                  new Digest(0, 0, 0, 0),
                  List.of(),
                  new byte[random.nextInt(3) == 0 ? 60_000 : 10],
                  new ExecutionLimits(1, memory, 1)),
              Duration.ofMillis(random.nextInt(1, 2_000)),
              WorkerTask.Files.NONE,
              null,
              random.nextInt(3),
              null,
              new CompletableFuture<>());
      var pending = new PendingTask(task);
      submitted.add(pending);
      perform(dispatcher.submitted(pending, now));
    }

    void act() {
      if (actors.isEmpty()) {
        return;
      }
      int worker = List.copyOf(actors.keySet()).get(random.nextInt(actors.size()));
      Actor actor = live(worker);
      int dice = calm ? 100 : random.nextInt(100);
      if (dice < 2) {
        actors.remove(worker);
        perform(dispatcher.ended(worker, "crashed", now));
      } else if (dice < 3) {
        perform(dispatcher.heard(worker, new Frame.Unknown(random.nextInt()), now));
      } else if (!actor.ready) {
        actor.ready = true;
        perform(dispatcher.heard(worker, new Frame.Ready(dice == 4 ? 99 : Frame.VERSION), now));
      } else if (!actor.orders.isEmpty() && dice > 5) {
        perform(dispatcher.heard(worker, answer(actor, actor.orders.remove()), now));
      }
    }

    private Frame answer(Actor actor, Frame.Order order) {
      return switch (order) {
        case Frame.Load load when load.module().first() == 3 ->
            new Frame.Refused(load.id(), "malformed", 8, "no");
        case Frame.Load load -> {
          actor.modules.add(load.module());
          yield new Frame.Loaded(load.id(), load.module());
        }
        case Frame.Cancel cancel -> throw new AssertionError("workers are not sent " + cancel);
        case Frame.Yield yield -> throw new AssertionError("workers are not sent " + yield);
        case Frame.Ping ping -> throw new AssertionError("workers are not sent " + ping);
        case Frame.Run run when !actor.modules.contains(run.module()) ->
            new Frame.Unknown(run.id());
        case Frame.Run run -> {
          int dice = calm ? 100 : random.nextInt(100);
          if (dice < 5) {
            actor.modules.clear();
          }
          yield switch (dice) {
            case 6 -> new Frame.Faulted(run.id(), "INTERRUPTED", "late");
            case 7 -> new Frame.Faulted(run.id(), "HEAP_EXHAUSTED", "full");
            case 8 -> new Frame.Loaded(run.id(), run.module());
            default -> new Frame.Ran(run.id(), run.module(), QUICK);
          };
        }
      };
    }

    void pass(long nanos) {
      now += nanos;
      if (dispatcher.wakeInNanos(now) == 0) {
        perform(dispatcher.tick(now));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void givesEveryTaskExactlyOneResultWhateverWorkersDo(long seed) {
    var simulation = new Simulation(seed);
    simulation.pass(0);
    for (int i = 0; i < 1_500; i++) {
      switch (simulation.random.nextInt(4)) {
        case 0 -> simulation.submit();
        case 1, 2 -> simulation.act();
        default -> simulation.pass(simulation.random.nextInt(1, 300) * MILLI);
      }
      assertThat(simulation.completions.values()).allMatch(count -> count == 1);
    }

    // Faults cease: whatever is left must come to an end, and the workers be complete again.
    simulation.calm = true;
    for (int i = 0; i < 5_000; i++) {
      simulation.act();
      simulation.pass(MILLI);
    }
    simulation.pass(60_000 * MILLI);
    for (int i = 0; i < 200; i++) {
      simulation.act();
    }

    assertThat(simulation.completions.keySet()).containsAll(simulation.submitted);
    assertThat(simulation.dispatcher.statistics().tasksWaiting()).isZero();
    assertThat(simulation.dispatcher.statistics().workersReady())
        .isEqualTo(simulation.settings.workers());
    assertThat(simulation.dispatcher.statistics().sparesReady())
        .isEqualTo(simulation.settings.spares());
    for (PendingTask pending : simulation.submitted) {
      assertThat(plausible(pending, simulation.settings)).isTrue();
    }
  }

  /** Whoever keeps tenants apart gives no process to two of them. */
  private static boolean isAlone(Actor actor, WorkerSettings settings) {
    return !settings.apart() || actor.shares.size() <= 1;
  }

  @Test
  void seesAProcessThatServedTwoTenants() {
    var actor = new Actor();
    actor.shares.addAll(Set.of(1L, 2L));

    assertThat(isAlone(actor, WorkerSettings.of(1).withTenantsApart())).isFalse();
    assertThat(isAlone(actor, WorkerSettings.of(1))).isTrue();
  }

  private static boolean plausible(PendingTask pending, WorkerSettings settings) {
    return switch (pending.result.join()) {
      case TaskResult.Completed(Digest code, _) ->
          code.equals(pending.task.module().digest()) && code.first() != 3;
      case TaskResult.Refused _ -> pending.task.module().digest().first() == 3;
      case TaskResult.Saved _ -> false;
      case TaskResult.Faulted(Problem problem, String detail) ->
          !detail.isEmpty() && (problem != Problem.NO_CREDIT || settings.queueMax() < 40);
    };
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void endsEveryTaskWhenItIsClosed(long seed) {
    var simulation = new Simulation(seed);
    simulation.pass(0);
    for (int i = 0; i < 200; i++) {
      simulation.submit();
      simulation.act();
    }

    simulation.perform(simulation.dispatcher.close());
    simulation.submit();

    assertThat(simulation.completions.keySet()).containsAll(simulation.submitted);
    assertThat(simulation.completions.values()).allMatch(count -> count == 1);
    assertThat(simulation.actors).isEmpty();
  }

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed != null ? LongStream.of(seed) : new SplittableRandom().longs(150);
  }
}
