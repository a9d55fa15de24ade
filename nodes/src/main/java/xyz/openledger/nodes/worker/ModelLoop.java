package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import xyz.openledger.models.engine.Answer;
import xyz.openledger.models.engine.InferenceResult.FinishReason;
import xyz.openledger.models.engine.OverloadedException;
import xyz.openledger.nodes.execution.ExecutionFault.Reason;
import xyz.openledger.protocol.ProblemException;

/**
 * The life of a model server: takes questions while others are being answered, and answers each as
 * soon as it can, in whatever order.
 */
final class ModelLoop {
  private final FrameReader orders;
  private final FrameWriter answers;
  private final ServedModels models;
  private final Map<Integer, Answer> underWay = new ConcurrentHashMap<>();

  ModelLoop(InputStream in, OutputStream out, ServedModels models) {
    this.orders = new FrameReader(in);
    this.answers = new FrameWriter(out);
    this.models = models;
  }

  /** Works until the orders end. */
  void run() throws IOException {
    say(new Frame.Ready(Frame.VERSION));
    for (Frame frame = orders.read(); frame != null; frame = orders.read()) {
      switch (frame) {
        case Frame.Run run -> begin(run);
        case Frame.Cancel(int id) -> {
          Answer answer = underWay.get(id);
          if (answer != null) {
            answer.cancel();
          }
        }
        default -> throw new IOException("a model server is asked, not told " + frame.getClass());
      }
    }
  }

  private void begin(Frame.Run run) throws IOException {
    InferenceTask task;
    try {
      task = InferenceTask.begin(models, run.module(), run.budgetMillis(), run.request());
    } catch (OverloadedException full) {
      say(new Frame.Faulted(run.id(), Reason.ENGINE_FAILED.name(), full.getMessage()));
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
                    tell(new Frame.Ran(run.id(), run.module(), task.execution(result)));
                  } else {
                    tell(
                        new Frame.Faulted(
                            run.id(), Reason.INTERRUPTED.name(), "" + result.finishReason()));
                  }
                });
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
