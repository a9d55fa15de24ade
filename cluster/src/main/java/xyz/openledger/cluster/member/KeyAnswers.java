package xyz.openledger.cluster.member;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.keys.ApiKey;
import xyz.openledger.actors.keys.KeyMessage;
import xyz.openledger.actors.keys.KeyMessage.Outcome;
import xyz.openledger.actors.keys.KeyMessage.Pending;
import xyz.openledger.actors.keys.KeyMessage.Standing;
import xyz.openledger.actors.keys.KeysEntity;
import xyz.openledger.actors.keys.KnownKeys;
import xyz.openledger.actors.keys.Reservation;
import xyz.openledger.cluster.http.api.KeysApi;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/** The API keys of the network, as this member knows them and has them changed. */
public final class KeyAnswers implements KeysApi, KeyFiles.Destination {
  /** Whoever waits for this has a request open, and does better to try again. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ActorSystem<?> system;
  private final ActorRef<KeyMessage> keys;
  private final KnownKeys known;

  private KeyAnswers(ActorSystem<?> system, ActorRef<KeyMessage> keys, KnownKeys known) {
    this.system = system;
    this.keys = keys;
    this.known = known;
  }

  /** Follows the keys; completes once all of them are known. */
  public static CompletionStage<KeyAnswers> start(ActorSystem<?> system, Clock clock) {
    ActorRef<KeyMessage> keys = KeysEntity.start(system, clock);
    var known = new KnownKeys();
    system.systemActorOf(known.follower(keys), "known-keys", Props.empty());
    return known.known().thenApply(_ -> new KeyAnswers(system, keys, known));
  }

  @Override
  public Optional<ApiKey> find(Digest token) {
    return known.find(token);
  }

  @Override
  public Optional<ApiKey> named(String name) {
    return known.named(name);
  }

  @Override
  public CompletionStage<ApiKey> issue(ApiKey key, boolean byMember) {
    return issue(key, byMember, null);
  }

  @Override
  public CompletionStage<ApiKey> move(ApiKey key, KeyMessage.Spending spent) {
    return issue(key, true, spent);
  }

  private CompletionStage<ApiKey> issue(
      ApiKey key, boolean byMember, KeyMessage.@Nullable Spending moved) {
    return this.<KeyMessage.Answer>ask(
            replyTo -> new KeyMessage.Issue(key, byMember, moved, replyTo))
        .thenCompose(answer -> known(accepted(answer)))
        .thenApply(_ -> key);
  }

  @Override
  public CompletionStage<List<Standing>> revoke(TenantId tenant, String name) {
    return this.<KeyMessage.Answer>ask(replyTo -> new KeyMessage.Revoke(name, tenant, replyTo))
        .thenCompose(answer -> known(accepted(answer)))
        .thenCompose(_ -> of(tenant));
  }

  /** This member knows at once; others soon. */
  private CompletionStage<Long> known(long revision) {
    if (known.revision() >= revision) {
      return CompletableFuture.completedFuture(revision);
    }
    return this.<KeyMessage.Changes>ask(known::question)
        .thenCompose(
            changes -> {
              known.learn(changes);
              return known(revision);
            });
  }

  @Override
  public CompletionStage<List<Standing>> of(TenantId tenant) {
    return this.<KeyMessage.Shown>ask(replyTo -> new KeyMessage.Show(tenant, replyTo))
        .thenApply(KeyMessage.Shown::keys);
  }

  @Override
  public CompletionStage<List<Boolean>> reserve(String name, List<Reservation> jobs) {
    return this.<KeyMessage.Reserved>ask(replyTo -> new KeyMessage.Reserve(name, jobs, replyTo))
        .thenApply(
            reserved -> {
              requireNone(reserved.problem(), reserved.field(), reserved.detail());
              return reserved.admitted();
            });
  }

  @Override
  public void beganNothing(String name, List<JobId> jobs) {
    keys.tell(new KeyMessage.BeganNothing(name, jobs));
  }

  @Override
  public CompletionStage<List<Pending>> pending(String name) {
    return pending(name, 0);
  }

  /** Jobs under any key, or under that of a name, from a place on. */
  CompletionStage<List<Pending>> pending(@Nullable String name, int skip) {
    return this.<KeyMessage.AllPending>ask(
            replyTo -> new KeyMessage.ShowPending(name, skip, replyTo))
        .thenApply(KeyMessage.AllPending::jobs);
  }

  @Override
  public CompletionStage<Void> ended(List<Outcome> outcomes) {
    return this.<KeyMessage.Answer>ask(replyTo -> new KeyMessage.End(outcomes, replyTo))
        .thenAccept(KeyAnswers::accepted);
  }

  private <A> CompletionStage<A> ask(Function<ActorRef<A>, KeyMessage> question) {
    return AskPattern.ask(keys, question, PATIENCE, system.scheduler());
  }

  private static long accepted(KeyMessage.Answer answer) {
    requireNone(answer.problem(), answer.field(), answer.detail());
    return answer.revision();
  }

  private static void requireNone(@Nullable Problem problem, String field, String detail) {
    if (problem != null) {
      throw new ProblemException(problem, field, detail);
    }
  }
}
