package xyz.openledger.actors.tuning;

import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;

/** What happened to a training. Times are the member's wall clock, in milliseconds since 1970. */
public sealed interface TuningEvent {
  /** Which training. */
  TuningId run();

  /** When. */
  long atMillis();

  /** It was asked for. */
  record Started(TuningId run, TenantId tenant, TuningPlan plan, long atMillis)
      implements TuningEvent {}

  /** A job is to be submitted; written down before it is, so that it is submitted once. */
  record Ordered(TuningId run, Order order, long atMillis) implements TuningEvent {}

  /**
   * A piece was made: its job settled, and so its checkpoint is committed to.
   *
   * @param losses of its steps, at most 1,000 of the last
   * @param heldBackLoss on the samples that are held back; absent if none are
   */
  record Made(
      TuningId run,
      int serial,
      JobId job,
      Digest checkpoint,
      List<Double> losses,
      @Nullable Double heldBackLoss,
      List<Maker> makers,
      long chargedNanoOpen,
      long atMillis)
      implements TuningEvent {}

  /**
   * A job brought nothing.
   *
   * @param makers who said that nothing comes of it, where machines did
   */
  record Missed(
      TuningId run,
      int serial,
      JobId job,
      Problem problem,
      String detail,
      List<Maker> makers,
      long chargedNanoOpen,
      long atMillis)
      implements TuningEvent {}

  /** Which pieces are made again; drawn when all were committed to. */
  record Drawn(TuningId run, List<Integer> pieces, long atMillis) implements TuningEvent {}

  /**
   * A piece was made again, and a verdict reached on what it comes to.
   *
   * @param checkpoint that of the verdict
   * @param makers whose outcome it is
   * @param refuted who said otherwise
   */
  record Checked(
      TuningId run,
      int serial,
      JobId job,
      Digest checkpoint,
      List<Maker> makers,
      List<Maker> refuted,
      long chargedNanoOpen,
      long atMillis)
      implements TuningEvent {}

  /**
   * It is over.
   *
   * @param problem why there is no adapter; absent if there is one
   * @param adapter its manifest; absent if there is none
   */
  record Finished(
      TuningId run,
      @Nullable Problem problem,
      String detail,
      @Nullable Digest adapter,
      long atMillis)
      implements TuningEvent {}

  /**
   * A job of a training, with all that it is made of: however often it is submitted, and whatever
   * has become of the training meanwhile, it is the same job.
   *
   * @param serial its number among the jobs of the training, the first being 0
   * @param from the checkpoint that the piece begins with; absent at the beginning
   * @param claimed the job that made the piece, which is to be made again; absent for a first time
   * @param elsewhere owners whose machines are not to have it
   * @param priceMaxNanoOpen the most it may cost
   */
  record Order(
      int serial,
      int piece,
      @Nullable Digest from,
      @Nullable JobId claimed,
      List<Address> elsewhere,
      long priceMaxNanoOpen) {
    /** Whether it makes again what was made. */
    public boolean again() {
      return claimed != null;
    }
  }

  /** A machine that made a piece, and whose it is. */
  record Maker(NodeId node, Address owner) {}
}
