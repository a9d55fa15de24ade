package xyz.openledger.actors.keys;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TenantId;

/** What {@link KeysEntity} is asked. */
public sealed interface KeyMessage extends MemberMessage {
  /** The most keys of one message. */
  int KEYS_MAX = 128;

  /** The most jobs of one message. */
  int JOBS_MAX = 1_000;

  /**
   * Issue a key; one that is issued already changes nothing.
   *
   * @param byMember whether the member itself wants it, which replaces its own
   * @param moved what it had spent as an earlier release counted it; null for a new one
   */
  record Issue(ApiKey key, boolean byMember, @Nullable Spending moved, ActorRef<Answer> replyTo)
      implements KeyMessage {}

  /** What a key spent, and what runs; {@value #JOBS_MAX} jobs at most. */
  record Spending(long spentNanoOpen, List<Reservation> running) {}

  /** Revoke a tenant's key; nothing happens if it has none of that name. */
  record Revoke(String name, TenantId tenant, ActorRef<Answer> replyTo) implements KeyMessage {}

  /** Count the most that these jobs may cost, before they are submitted. */
  record Reserve(String name, List<Reservation> jobs, ActorRef<Reserved> replyTo)
      implements KeyMessage {}

  /** One submission of each of these jobs began nothing. */
  record BeganNothing(String name, List<JobId> jobs) implements KeyMessage {}

  /** These jobs are over. */
  record End(List<Outcome> outcomes, ActorRef<Answer> replyTo) implements KeyMessage {}

  /**
   * How a job ended.
   *
   * @param costNanoOpen what it came to; null if the member that would have it knows no such job
   */
  record Outcome(String name, JobId job, @Nullable Long costNanoOpen) {}

  /**
   * Tell which keys were issued or revoked after a revision, up to {@value #KEYS_MAX}.
   *
   * @param mark comes back with the answer
   */
  record Since(long revision, long mark, ActorRef<Changes> replyTo) implements KeyMessage {}

  /** Tell how the keys of a tenant stand. */
  record Show(TenantId tenant, ActorRef<Shown> replyTo) implements KeyMessage {}

  /**
   * Tell which jobs are not known to be over, up to {@value #JOBS_MAX}.
   *
   * @param name of the key; null for those of all
   */
  record ShowPending(@Nullable String name, int skip, ActorRef<AllPending> replyTo)
      implements KeyMessage {}

  /** Done, or why not. */
  record Answer(@Nullable Problem problem, String field, String detail, long revision)
      implements MemberMessage {}

  /** Which of the jobs may be submitted, in their order; or why none may. */
  record Reserved(@Nullable Problem problem, String field, String detail, List<Boolean> admitted)
      implements MemberMessage {}

  /**
   * Keys that were issued or revoked.
   *
   * @param origin see {@link ApiKeys#origin}
   * @param forgotten see {@link ApiKeys#forgotten}
   */
  record Changes(List<Change> changes, long revision, long forgotten, String origin, long mark)
      implements MemberMessage {}

  /** What a name is now: this key's, or nobody's if absent. */
  record Change(String name, @Nullable ApiKey key, long revision) implements MemberMessage {}

  /** The keys of a tenant. */
  record Shown(List<Standing> keys) implements MemberMessage {}

  /** What a key spent, and the most that its jobs may still cost. */
  record Standing(ApiKey key, long spentNanoOpen, long runningNanoOpen) implements MemberMessage {}

  /** Jobs that are not known to be over. */
  record AllPending(List<Pending> jobs) implements MemberMessage {}

  /** A job under a key, and since when it counts. */
  record Pending(String name, JobId job, long sinceMillis) implements MemberMessage {}
}
