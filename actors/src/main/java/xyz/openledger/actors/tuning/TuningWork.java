package xyz.openledger.actors.tuning;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.tuning.TuningEvent.Maker;
import xyz.openledger.actors.tuning.TuningEvent.Order;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;

/** What a training needs done. Everything may be asked again, and has then been done once. */
public interface TuningWork {
  /** Submits the job of an order, unless it is there, and tells how it stands. */
  CompletionStage<Report> follow(TuningRun run, Order order);

  /** Ends the job of an order; answers whether it is over, or false where there is none yet. */
  CompletionStage<Boolean> cancel(TuningRun run, Order order);

  /** Makes an adapter of the last checkpoint, serves it if that is wanted; its manifest. */
  CompletionStage<Digest> publish(TuningRun run);

  /** The id of an order's job. */
  JobId job(TuningRun run, Order order);

  /** How a job stands. */
  sealed interface Report {
    /** It has not ended. */
    record Running() implements Report {}

    /**
     * It came to a checkpoint.
     *
     * @param makers whose outcome it is
     * @param refuted who said otherwise
     */
    record Settled(
        Digest checkpoint,
        List<Double> losses,
        @Nullable Double heldBackLoss,
        List<Maker> makers,
        List<Maker> refuted,
        long chargedNanoOpen)
        implements Report {}

    /**
     * It brought nothing.
     *
     * @param makers who said so, where machines did
     */
    record Missed(Problem problem, String detail, List<Maker> makers, long chargedNanoOpen)
        implements Report {}
  }
}
