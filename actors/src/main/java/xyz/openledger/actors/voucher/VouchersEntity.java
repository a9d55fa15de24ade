package xyz.openledger.actors.voucher;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import xyz.openledger.actors.batch.Batcher;
import xyz.openledger.actors.voucher.VoucherMessage.Answer;
import xyz.openledger.actors.wire.Fitting;
import xyz.openledger.chainanchor.vouchers.SessionStanding;
import xyz.openledger.chainanchor.vouchers.Sessions;
import xyz.openledger.chainanchor.vouchers.Sessions.Decision;
import xyz.openledger.chainanchor.vouchers.SessionsSnapshot;
import xyz.openledger.chainanchor.vouchers.VoucherEvent;
import xyz.openledger.chainanchor.vouchers.VoucherRules;

/**
 * The {@link Sessions}, durable. One in the cluster. Decides a whole batch at a time, writes what
 * comes of it at once, and answers when that is on disk: no job starts before its voucher is.
 */
public final class VouchersEntity
    extends EventSourcedBehavior<Batcher.Batch<VoucherMessage>, VoucherEvent, Sessions> {
  private static final long SESSION_BYTES = 600;
  private static final long TAB_BYTES = 400;
  private static final long RUNNING_BYTES = 80;

  /** Under which its events are journaled. */
  public static final String PERSISTENCE_ID = "vouchers";

  private static final int BATCH_MAX = 256;
  private static final int QUEUE_MAX = 20_000;
  private static final int SNAPSHOT_EVERY = 10_000;

  private final VoucherRules rules;
  private final Clock clock;

  private VouchersEntity(VoucherRules rules, Clock clock) {
    super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
    this.rules = rules;
    this.clock = clock;
  }

  /** The sessions behind their batcher. */
  public static Behavior<VoucherMessage> create(VoucherRules rules, Clock clock) {
    return Batcher.create(
        VoucherMessage.class,
        new Batcher.Limits<>(BATCH_MAX, _ -> 1, BATCH_MAX, QUEUE_MAX, VouchersEntity::refuse),
        (ActorContext<?> _) -> new VouchersEntity(rules, clock));
  }

  @Override
  public Sessions emptyState() {
    return new Sessions();
  }

  @Override
  public EventHandler<Sessions, VoucherEvent> eventHandler() {
    return (sessions, event) -> {
      sessions.apply(event);
      return sessions;
    };
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 2);
  }

  @Override
  public SnapshotAdapter<Sessions> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(Sessions sessions) {
        return sessions.snapshot();
      }

      @Override
      public Sessions fromJournal(Object snapshot) {
        return Sessions.of((SessionsSnapshot) snapshot);
      }
    };
  }

  @Override
  public CommandHandler<Batcher.Batch<VoucherMessage>, VoucherEvent, Sessions> commandHandler() {
    return (sessions, batch) -> {
      long now = clock.instant().getEpochSecond();
      Sessions trial = sessions.fork();
      var events = new ArrayList<VoucherEvent>();
      var answers = new ArrayList<Runnable>();
      for (VoucherMessage message : batch.messages()) {
        List<VoucherEvent> said =
            switch (message) {
              case VoucherMessage.Open(var apiKey, var tenant, var terms, var replyTo) ->
                  answered(trial.open(apiKey, tenant, terms, now), replyTo, answers);
              case VoucherMessage.Take(var vouchers, var replyTo) ->
                  answered(trial.take(rules, vouchers, now), replyTo, answers);
              case VoucherMessage.Start start ->
                  answered(start(trial.fork(), start, now), start.replyTo(), answers);
              case VoucherMessage.End(var key, var job, var costs) -> trial.end(key, job, costs);
              case VoucherMessage.Settled(var key, var pool, var cumulative) ->
                  trial.settled(key, pool, cumulative);
              case VoucherMessage.Show _, VoucherMessage.ShowAll _ -> List.of();
            };
        said.forEach(trial::apply);
        events.addAll(said);
      }
      return (events.isEmpty() ? Effect().none() : Effect().persist(events))
          .thenRun(
              (Sessions after) -> {
                answers.forEach(Runnable::run);
                batch.messages().forEach(message -> show(after, message));
                batch.doneTo().tell(Batcher.Done.INSTANCE);
              });
    };
  }

  /**
   * The vouchers first; a job that does not start leaves them taken all the same. Others may have
   * said more since they were signed: that is no reason to refuse.
   */
  private Decision start(Sessions trial, VoucherMessage.Start start, long now) {
    Decision taken = trial.take(rules, trial.more(start.vouchers()), now);
    if (!(taken instanceof Decision.Taken(var vouchers))) {
      return taken;
    }
    vouchers.forEach(trial::apply);
    Decision started =
        trial.start(rules, start.tenant(), start.key(), start.job(), start.mostNanoOpen(), now);
    if (!(started instanceof Decision.Taken(var events))) {
      return started;
    }
    var all = new ArrayList<>(vouchers);
    all.addAll(events);
    return new Decision.Taken(all);
  }

  private static List<VoucherEvent> answered(
      Decision decision, ActorRef<Answer> replyTo, List<Runnable> answers) {
    return switch (decision) {
      case Decision.Taken(var events) -> {
        answers.add(() -> replyTo.tell(Answer.DONE));
        yield events;
      }
      case Decision.Refused(var reason, var detail) -> {
        answers.add(() -> replyTo.tell(new Answer(reason, detail)));
        yield List.of();
      }
    };
  }

  private static void show(Sessions sessions, VoucherMessage message) {
    switch (message) {
      case VoucherMessage.Show(var key, var replyTo) ->
          replyTo.tell(new VoucherMessage.Standing(sessions.standing(key, 0).orElse(null)));
      case VoucherMessage.ShowAll(var from, var jobsMax, var replyTo) ->
          replyTo.tell(page(sessions, from, jobsMax));
      default -> {
        // Answered with its batch.
      }
    }
  }

  /** As many as fit into an answer. */
  static VoucherMessage.Standings page(Sessions sessions, int from, int jobsMax) {
    List<SessionStanding> all = sessions.standings(jobsMax);
    List<SessionStanding> left = all.subList(Math.min(Math.max(0, from), all.size()), all.size());
    List<SessionStanding> page =
        Fitting.of(left, VouchersEntity::bytesInMessage, Fitting.BYTES_MAX);
    return new VoucherMessage.Standings(page, page.size() < left.size());
  }

  private static long bytesInMessage(SessionStanding session) {
    return SESSION_BYTES
        + Fitting.CHARACTER_BYTES * session.apiKey().length()
        + TAB_BYTES * session.tabs().size()
        + RUNNING_BYTES * session.running().size();
  }

  private static void refuse(VoucherMessage message) {
    var busy = new Answer(VoucherRules.Reason.BEHIND, "too much at once; try again in a second");
    switch (message) {
      case VoucherMessage.Open(_, _, _, var replyTo) -> replyTo.tell(busy);
      case VoucherMessage.Take(_, var replyTo) -> replyTo.tell(busy);
      case VoucherMessage.Start start -> start.replyTo().tell(busy);
      default -> {
        // Told or asked again.
      }
    }
  }
}
