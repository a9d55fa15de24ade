package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import xyz.openledger.models.engine.Answer;
import xyz.openledger.models.engine.InferenceResult;
import xyz.openledger.models.engine.InferenceResult.FinishReason;
import xyz.openledger.models.engine.NoTokenException;
import xyz.openledger.models.engine.TokenListener;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionFault.Reason;
import xyz.openledger.protocol.ProblemException;

/**
 * The life of a model server: takes questions while others are being answered, and answers each as
 * soon as it can, in whatever order.
 *
 * <pre>
 *   orders ─▶ training    ─▶ one training after another
 *          └▶ beginning   ─▶ engine of the model     ─▶ answers
 *              │      ▲   └▶ one recomputation after another
 *              ▼      │
 *             opening of a model that is not there
 * </pre>
 *
 * <p>The thread that reads orders does nothing that takes long: a cancellation, and whether anybody
 * is there, is heard whatever else is under way.
 */
final class ModelLoop {
  private static final int TRAININGS_WAITING_MAX = 16;

  /** What inputs of orders may take together that wait; one alone may always. */
  private static final long WAITING_BYTES_MAX = 96L << 20;

  private final FrameReader orders;
  private final FrameWriter answers;
  private final ServedModels models;
  private final TuningTask tuning;
  private final ThreadPoolExecutor trainings = thread("training", TRAININGS_WAITING_MAX);

  /** As many wait as a server takes questions at once: the agent bounds them. */
  private final ThreadPoolExecutor beginning = thread("beginning", Integer.MAX_VALUE);

  private final ThreadPoolExecutor recomputing = thread("recomputing", Integer.MAX_VALUE);

  /** As many at once as models may be open. */
  private final Executor opening = work -> Thread.ofPlatform().daemon().name("opening").start(work);

  private final Map<Integer, OpenOrder> open = new ConcurrentHashMap<>();
  private final Map<Integer, StepWatch> watches = new ConcurrentHashMap<>();

  /** Orders to come whose answers are wanted while they grow. */
  private final Set<Integer> listened = new HashSet<>();

  /** The most answers that one step was computed for. */
  private final AtomicInteger togetherMost = new AtomicInteger(1);

  /** Says what grew, so that an engine never waits for a pipe. */
  private final ThreadPoolExecutor growing = thread("growing", Integer.MAX_VALUE);

  ModelLoop(InputStream in, OutputStream out, ServedModels models, TuningTask tuning) {
    this.orders = new FrameReader(in);
    this.answers = new FrameWriter(out);
    this.models = models;
    this.tuning = tuning;
  }

  private static ThreadPoolExecutor thread(String name, int waitingMax) {
    return new ThreadPoolExecutor(
        1,
        1,
        1,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(waitingMax),
        Thread.ofPlatform().daemon().name(name).factory());
  }

  /** Works until the orders end. */
  void run() throws IOException {
    say(new Frame.Ready(Frame.VERSION));
    for (Frame frame = orders.read(); frame != null; frame = orders.read()) {
      switch (frame) {
        case Frame.Run run -> take(run);
        case Frame.Listen(int id) -> listened.add(id);
        case Frame.Cancel(int id) -> {
          OpenOrder order = open.get(id);
          if (order != null) {
            order.cancel();
          }
        }
        case Frame.Yield(int id, int millis) -> {
          StepWatch watch = watches.get(id);
          if (watch != null) {
            watch.stopAt(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
          }
        }
        case Frame.Ping(int id) -> say(new Frame.Pong(id));
        default -> throw new IOException("a model server is asked, not told " + frame.getClass());
      }
    }
  }

  /** Has an order wait for its turn. */
  private void take(Frame.Run run) {
    TokenListener listener = listener(run.id());
    var order = new OpenOrder(run, this::answered);
    long waiting = open.values().stream().mapToLong(OpenOrder::waitingBytes).sum();
    open.put(run.id(), order);
    if (waiting > 0 && waiting + order.waitingBytes() > WAITING_BYTES_MAX) {
      order.answer(broken(run.id(), "the questions that wait leave no room for it"));
    } else if (TuningTask.isOne(run.request())) {
      watches.put(run.id(), new StepWatch());
      queue(trainings, order, () -> train(order));
    } else {
      queue(beginning, order, () -> open(order, listener));
    }
  }

  private void answered(Frame.Answer answer) {
    open.remove(answer.id());
    watches.remove(answer.id());
    tell(answer);
  }

  /** Has it wait there; what is cancelled meanwhile takes up no place. */
  private static void queue(ThreadPoolExecutor where, OpenOrder order, Runnable work) {
    order.waits(() -> where.remove(work));
    try {
      where.execute(work);
    } catch (RejectedExecutionException full) {
      order.answer(broken(order.id(), "too many trainings wait"));
    }
  }

  private static Frame.Answer broken(int id, String why) {
    return new Frame.Faulted(id, Reason.ENGINE_FAILED.name(), why);
  }

  /** Goes on once the order's model is open. */
  private void open(OpenOrder order, TokenListener listener) {
    Frame.Run run = order.waiting();
    if (run == null) {
      return;
    }
    try {
      models.whenOpen(
          run.module(),
          opening,
          beginning,
          refused -> {
            Frame.Run wanted = order.waiting();
            if (wanted != null && refused == null) {
              begin(order, wanted, listener);
            } else if (wanted != null) {
              order.answer(refusal(wanted, refused));
            }
          });
    } catch (RuntimeException | OutOfMemoryError failed) {
      order.answer(refusal(run, failed));
    }
  }

  private void begin(OpenOrder order, Frame.Run run, TokenListener listener) {
    if (!order.prepares()) {
      return;
    }
    try {
      if (GivenAnswer.isOne(run.request())) {
        recompute(order, run, RecomputeTask.begin(models, run));
      } else {
        answer(order, run, InferenceTask.begin(models, run, listener));
      }
    } catch (IOException | RuntimeException | Error failed) {
      // Whatever broke here, the agent hears of it.
      order.answer(refusal(run, failed));
    }
  }

  /** What is refused for all machines, or broke on this one. */
  private static Frame.Answer refusal(Frame.Run run, Throwable failed) {
    return failed instanceof ProblemException refused
        ? new Frame.Refused(
            run.id(), "malformed", 0, "%s %s".formatted(refused.field(), refused.detail()).strip())
        : broken(run.id(), failed.toString());
  }

  private void answer(OpenOrder order, Frame.Run run, InferenceTask task) {
    Answer answer = task.answer();
    if (answer == null) {
      order.answer(new Frame.Ran(run.id(), run.module(), task.refusal()));
      return;
    }
    if (!order.begins(answer::cancel)) {
      answer.cancel();
    }
    var _ =
        answer
            .result()
            .whenComplete(
                (result, failed) -> {
                  order.answer(ended(run, task, result, failed));
                  tellMost(task.prompt().model().engine().figures().togetherMost());
                });
  }

  private void tellMost(int together) {
    if (togetherMost.getAndAccumulate(together, Math::max) < together) {
      tell(new Frame.Together(together));
    }
  }

  private static Frame.Answer ended(
      Frame.Run run, InferenceTask task, InferenceResult result, @Nullable Throwable failed) {
    if (failed != null) {
      Execution everywhere = failed instanceof NoTokenException none ? task.undefined(none) : null;
      return everywhere == null
          ? broken(run.id(), failed.toString())
          : new Frame.Ran(run.id(), run.module(), everywhere);
    }
    if (result.finishReason() != FinishReason.STOP
        && result.finishReason() != FinishReason.LENGTH) {
      return new Frame.Faulted(run.id(), Reason.INTERRUPTED.name(), "" + result.finishReason());
    }
    try {
      return new Frame.Ran(run.id(), run.module(), task.execution(result));
    } catch (RuntimeException broken) {
      return broken(run.id(), broken.toString());
    }
  }

  /** One answer after the other is computed again, beside those that are being given. */
  private void recompute(OpenOrder order, Frame.Run run, RecomputeTask task) {
    Runnable work =
        () -> {
          if (order.begins()) {
            order.answer(recomputed(order, run, task));
          }
        };
    order.waits(
        () -> {
          recomputing.remove(work);
          task.close();
        });
    recomputing.execute(work);
  }

  private static Frame.Answer recomputed(OpenOrder order, Frame.Run run, RecomputeTask task) {
    try (task) {
      order.check();
      return new Frame.Ran(run.id(), run.module(), task.run(order::check));
    } catch (CancellationException late) {
      return new Frame.Faulted(run.id(), Reason.INTERRUPTED.name(), "cancelled, or late");
    } catch (IOException | RuntimeException | Error broken) {
      return broken(run.id(), broken.toString());
    }
  }

  private TokenListener listener(int id) {
    return listened.remove(id)
        ? new GrowingText(growing, text -> tell(new Frame.Grew(id, text)))
        : TokenListener.NONE;
  }

  /** One training after another, beside the answers. */
  private void train(OpenOrder order) {
    Frame.Run run = order.waiting();
    StepWatch watch = watches.get(order.id());
    if (run == null || watch == null || !order.begins()) {
      return;
    }
    order.answer(trained(order, run, watch));
  }

  private Frame.Answer trained(OpenOrder order, Frame.Run run, StepWatch watch) {
    try {
      order.check();
      watch.begin(System.nanoTime());
      return tuning.run(run, order::check, watch);
    } catch (CancellationException late) {
      return new Frame.Faulted(run.id(), Reason.INTERRUPTED.name(), "cancelled, or late");
    } catch (IOException | RuntimeException | Error broken) {
      return broken(run.id(), broken.toString());
    }
  }

  private void tell(Frame frame) {
    try {
      say(frame);
    } catch (IOException nobodyListens) {
      // The agent is gone, and its end of the orders will end the loop.
      System.err.println("model server: " + nobodyListens.getMessage());
    }
  }

  private synchronized void say(Frame frame) throws IOException {
    answers.add(frame);
    answers.flush();
  }
}
