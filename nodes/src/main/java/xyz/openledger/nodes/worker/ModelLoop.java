package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import xyz.openledger.models.engine.Answer;
import xyz.openledger.models.engine.InferenceResult;
import xyz.openledger.models.engine.InferenceResult.FinishReason;
import xyz.openledger.models.engine.OverloadedException;
import xyz.openledger.models.engine.TokenListener;
import xyz.openledger.nodes.execution.ExecutionFault.Reason;
import xyz.openledger.protocol.ProblemException;

/**
 * The life of a model server: takes questions while others are being answered, and answers each as
 * soon as it can, in whatever order.
 */
final class ModelLoop {
  private static final int TRAININGS_WAITING_MAX = 16;

  private final FrameReader orders;
  private final FrameWriter answers;
  private final ServedModels models;
  private final TuningTask tuning;
  private final ExecutorService trainings =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(TRAININGS_WAITING_MAX),
          Thread.ofPlatform().daemon().name("training").factory());

  /** As many wait as a server takes questions at once: the agent bounds them. */
  private final ExecutorService recomputing =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("recomputing").factory());

  private final Map<Integer, StepWatch> trainingsUnderWay = new ConcurrentHashMap<>();
  private final Set<Integer> trainingsCancelled = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Answer> underWay = new ConcurrentHashMap<>();

  /** Orders to come whose answers are wanted while they grow. */
  private final Set<Integer> listened = new HashSet<>();

  /** Says what grew, so that an engine never waits for a pipe. */
  private final ExecutorService growing =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("growing").factory());

  ModelLoop(InputStream in, OutputStream out, ServedModels models, TuningTask tuning) {
    this.orders = new FrameReader(in);
    this.answers = new FrameWriter(out);
    this.models = models;
    this.tuning = tuning;
  }

  /** Works until the orders end. */
  void run() throws IOException {
    say(new Frame.Ready(Frame.VERSION));
    for (Frame frame = orders.read(); frame != null; frame = orders.read()) {
      switch (frame) {
        case Frame.Run run -> begin(run);
        case Frame.Listen(int id) -> listened.add(id);
        case Frame.Cancel(int id) -> {
          Answer answer = underWay.get(id);
          if (answer != null) {
            answer.cancel();
          } else if (trainingsUnderWay.containsKey(id)) {
            trainingsCancelled.add(id);
          }
        }
        case Frame.Yield(int id, int millis) -> {
          StepWatch watch = trainingsUnderWay.get(id);
          if (watch != null) {
            watch.stopAt(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
          }
        }
        default -> throw new IOException("a model server is asked, not told " + frame.getClass());
      }
    }
  }

  private void begin(Frame.Run run) throws IOException {
    if (TuningTask.isOne(run.request())) {
      tune(run);
      return;
    }
    if (GivenAnswer.isOne(run.request())) {
      recompute(run);
      return;
    }
    InferenceTask task;
    try {
      task = InferenceTask.begin(models, run, listener(run.id()));
    } catch (OverloadedException full) {
      say(new Frame.Faulted(run.id(), Reason.ENGINE_FAILED.name(), full.toString()));
      return;
    } catch (ProblemException refused) {
      String sentence = "%s %s".formatted(refused.field(), refused.detail()).strip();
      say(new Frame.Refused(run.id(), "malformed", 0, sentence));
      return;
    } catch (IOException | RuntimeException | Error broken) {
      // Whatever broke here, the agent hears of it.
      say(new Frame.Faulted(run.id(), Reason.ENGINE_FAILED.name(), broken.toString()));
      return;
    }
    Answer answer = task.answer();
    if (answer == null) {
      say(new Frame.Ran(run.id(), run.module(), task.refusal()));
      return;
    }
    underWay.put(run.id(), answer);
    var _ =
        answer
            .result()
            .whenComplete(
                (result, failed) -> {
                  underWay.remove(run.id());
                  if (failed != null) {
                    tell(new Frame.Faulted(run.id(), Reason.ENGINE_FAILED.name(), "" + failed));
                  } else if (result.finishReason() == FinishReason.STOP
                      || result.finishReason() == FinishReason.LENGTH) {
                    tell(ended(run, task, result));
                  } else {
                    tell(
                        new Frame.Faulted(
                            run.id(), Reason.INTERRUPTED.name(), "" + result.finishReason()));
                  }
                });
  }

  private static Frame ended(Frame.Run run, InferenceTask task, InferenceResult result) {
    try {
      return new Frame.Ran(run.id(), run.module(), task.execution(result));
    } catch (RuntimeException broken) {
      return new Frame.Faulted(run.id(), Reason.ENGINE_FAILED.name(), broken.toString());
    }
  }

  /** One answer after the other is computed again, beside those that are being given. */
  private void recompute(Frame.Run run) throws IOException {
    try {
      RecomputeTask task = RecomputeTask.begin(models, run);
      recomputing.execute(() -> tell(recomputed(run, task)));
    } catch (ProblemException refused) {
      String sentence = "%s %s".formatted(refused.field(), refused.detail()).strip();
      say(new Frame.Refused(run.id(), "malformed", 0, sentence));
    } catch (IOException | RuntimeException | Error broken) {
      say(new Frame.Faulted(run.id(), Reason.ENGINE_FAILED.name(), broken.toString()));
    }
  }

  private static Frame recomputed(Frame.Run run, RecomputeTask task) {
    try {
      return new Frame.Ran(run.id(), run.module(), task.run());
    } catch (IOException | RuntimeException | Error broken) {
      return new Frame.Faulted(run.id(), Reason.ENGINE_FAILED.name(), broken.toString());
    }
  }

  private TokenListener listener(int id) {
    return listened.remove(id)
        ? new GrowingText(growing, text -> tell(new Frame.Grew(id, text)))
        : TokenListener.NONE;
  }

  /** One training after another, beside the answers. */
  private void tune(Frame.Run run) throws IOException {
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(run.budgetMillis());
    var watch = new StepWatch();
    trainingsUnderWay.put(run.id(), watch);
    try {
      trainings.execute(
          () -> {
            tell(trained(run, deadlineNanos, watch));
            trainingsUnderWay.remove(run.id());
            trainingsCancelled.remove(run.id());
          });
    } catch (RejectedExecutionException full) {
      trainingsUnderWay.remove(run.id());
      say(new Frame.Faulted(run.id(), Reason.ENGINE_FAILED.name(), "too many trainings wait"));
    }
  }

  private Frame trained(Frame.Run run, long deadlineNanos, StepWatch watch) {
    Runnable check =
        () -> {
          if (trainingsCancelled.contains(run.id()) || System.nanoTime() - deadlineNanos > 0) {
            throw new CancellationException("cancelled, or late");
          }
        };
    try {
      check.run();
      watch.begin(System.nanoTime());
      return tuning.run(run, _ -> check.run(), watch);
    } catch (CancellationException late) {
      return new Frame.Faulted(run.id(), Reason.INTERRUPTED.name(), "cancelled, or late");
    } catch (IOException | RuntimeException | Error broken) {
      return new Frame.Faulted(run.id(), Reason.ENGINE_FAILED.name(), broken.toString());
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
