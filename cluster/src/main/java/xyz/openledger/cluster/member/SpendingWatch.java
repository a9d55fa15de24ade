package xyz.openledger.cluster.member;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.ClusterShardingQuery;
import org.apache.pekko.cluster.sharding.typed.GetShardRegionState;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.job.JobPartition;
import xyz.openledger.actors.keys.ApiKeys;
import xyz.openledger.actors.keys.KeyMessage;
import xyz.openledger.actors.keys.KeyMessage.Outcome;
import xyz.openledger.actors.keys.KeyMessage.Pending;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.view.JobRow;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.api.JobState;

/**
 * Tells what jobs came to that count against a spend cap. Each member looks, once a second, for the
 * jobs that its own journal has; so what no member that is up knows counts on.
 */
final class SpendingWatch {
  /** How often it looks, at {@link KeyMessage#JOBS_MAX} jobs at most, and then at the next ones. */
  static final Duration LOOK = Duration.ofSeconds(1);

  /** So many of those that seem never to have begun are asked for in one look. */
  private static final int LOST_MAX = 32;

  private final Member member;
  private final KeyAnswers keys;
  private final Ask ask;
  private final Clock clock;
  private int skip;

  SpendingWatch(Member member, KeyAnswers keys, Clock clock) {
    this.member = member;
    this.keys = keys;
    this.ask = new Ask(member.system());
    this.clock = clock;
  }

  /** What a job came to; absent while it goes on, and if another member has it. */
  static Optional<Long> charged(Member member, JobId job) {
    return member
        .views()
        .jobs()
        .row(job)
        .filter(row -> JobState.parse(row.state()).isFinal())
        .map(JobRow::chargedNanoOpen);
  }

  /** Looks once. Waits for disk and members. */
  void look() {
    List<Pending> page = keys.pending(null, skip).toCompletableFuture().join();
    skip = page.size() < KeyMessage.JOBS_MAX ? 0 : skip + page.size();
    var outcomes = new ArrayList<Outcome>();
    for (Pending job : page) {
      charged(member, job.job())
          .ifPresent(cost -> outcomes.add(new Outcome(job.name(), job.job(), cost)));
    }
    tell(outcomes);
    // Last: it asks members, of which one may be away.
    tell(lost(page));
  }

  private void tell(List<Outcome> outcomes) {
    if (!outcomes.isEmpty()) {
      keys.ended(outcomes).toCompletableFuture().join();
    }
  }

  /** Those that would be here, are not, and by now cannot be on their way any more. */
  private List<Outcome> lost(List<Pending> page) {
    long before = clock.millis() - ApiKeys.LOST_MILLIS;
    if (page.stream().noneMatch(job -> job.sinceMillis() < before)) {
      return List.of();
    }
    List<Pending> old = old(page, before, partitionsHere(), job -> row(job).isPresent());
    if (old.isEmpty()) {
      return List.of();
    }
    List<Pending> unknown =
        Ask.all(old.stream().map(this::live).toList()).toCompletableFuture().join().stream()
            .flatMap(Optional::stream)
            .toList();
    // Again: asking starts a partition that came here from a member that is away.
    Set<String> here = partitionsHere();
    return unknown.stream()
        .filter(job -> here.contains(JobPartition.of(job.job())) && row(job).isEmpty())
        .map(job -> new Outcome(job.name(), job.job(), null))
        .toList();
  }

  /** The first to be asked for: of what is here before all else, which may hide nothing of it. */
  static List<Pending> old(
      List<Pending> page, long before, Set<String> here, Predicate<Pending> known) {
    return page.stream()
        .filter(job -> job.sinceMillis() < before)
        .filter(known.negate())
        .sorted(Comparator.comparing(job -> !here.contains(JobPartition.of(job.job()))))
        .limit(LOST_MAX)
        .toList();
  }

  private Optional<JobRow> row(Pending job) {
    return member.views().jobs().row(job.job());
  }

  /** The same, if its partition has nothing of it under way. */
  private CompletionStage<Optional<Pending>> live(Pending job) {
    return ask.<JobMessage, JobMessage.ShowReply>of(
            member.jobs(job.job()), replyTo -> new JobMessage.Show(job.job(), replyTo))
        .thenApply(reply -> reply.job() == null ? Optional.of(job) : Optional.empty());
  }

  private Set<String> partitionsHere() {
    CompletableFuture<ShardRegion.CurrentShardRegionState> state =
        ask.<ClusterShardingQuery, ShardRegion.CurrentShardRegionState>of(
                ClusterSharding.get(member.system()).shardState(),
                replyTo -> new GetShardRegionState(JobPartition.KEY, replyTo))
            .toCompletableFuture();
    return state.join().getShards().stream()
        .flatMap(shard -> shard.getEntityIds().stream())
        .collect(Collectors.toSet());
  }
}
