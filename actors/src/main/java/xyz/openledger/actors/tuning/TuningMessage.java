package xyz.openledger.actors.tuning;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.api.TuningNews;
import xyz.openledger.protocol.api.TuningView;

/** What {@link TuningEntity} is asked and told. */
public sealed interface TuningMessage {
  /** The most items of one answer. */
  int BATCH_MAX = 200;

  /** What may come from another member. */
  sealed interface Asked extends TuningMessage, MemberMessage {}

  /** Begin; a repeat begins nothing. */
  record Start(TuningId run, TenantId tenant, TuningPlan plan, ActorRef<Answer> replyTo)
      implements Asked {}

  /**
   * Stop.
   *
   * @param tenant who asks; null for whoever may stop everything
   */
  record Cancel(TuningId run, @Nullable TenantId tenant, ActorRef<Answer> replyTo)
      implements Asked {}

  /**
   * Tell how it stands.
   *
   * @param tenant who asks; null for whoever may see everything
   */
  record Show(TuningId run, @Nullable TenantId tenant, ActorRef<Answer> replyTo) implements Asked {}

  /**
   * Tell of all, newest first.
   *
   * @param after the last one of the page before; null for the first page
   */
  record Page(
      @Nullable TenantId tenant, @Nullable TuningId after, int max, ActorRef<Listed> replyTo)
      implements Asked {}

  /** Tell what happened from a number on, the oldest first. */
  record Hear(TuningId run, @Nullable TenantId tenant, long from, int max, ActorRef<Heard> replyTo)
      implements Asked {}

  /** How it stands, or why not. */
  record Answer(@Nullable Problem problem, String field, String detail, @Nullable TuningView view)
      implements MemberMessage {}

  /** Some of all. */
  record Listed(List<TuningView> views) implements MemberMessage {}

  /** What happened; null if there is no such training. */
  record Heard(@Nullable List<TuningNews> news) implements MemberMessage {}

  /** How a job stands; null if that could not be found out just now. */
  record Reported(TuningId run, int serial, TuningWork.@Nullable Report report)
      implements TuningMessage {}

  /** The adapter is there, or not just now. */
  record Published(TuningId run, @Nullable Digest adapter, @Nullable Problem problem, String detail)
      implements TuningMessage {}

  /** Whether a job that nobody wants any more is over. */
  record Stopped(TuningId run, int serial, boolean over) implements TuningMessage {}

  /** Looks after what is under way. */
  enum Tick implements TuningMessage {
    INSTANCE
  }
}
