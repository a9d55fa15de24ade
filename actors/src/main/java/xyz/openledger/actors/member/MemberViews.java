package xyz.openledger.actors.member;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.persistence.query.PersistenceQuery;
import xyz.openledger.actors.account.AccountsEntity;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.JobPartition;
import xyz.openledger.actors.journal.LmdbReadJournal;
import xyz.openledger.actors.node.NodeEntity;
import xyz.openledger.actors.node.NodeEvent;
import xyz.openledger.actors.pool.PoolEntity;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.actors.view.EarningsView;
import xyz.openledger.actors.view.JobIndex;
import xyz.openledger.actors.view.NodeIndex;
import xyz.openledger.actors.view.Projection;
import xyz.openledger.actors.view.Reputations;
import xyz.openledger.actors.view.ViewStore;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.verification.NodeRecord;

/** The views of a member, kept in step with its journal. */
public final class MemberViews {
  private final JobIndex jobs;
  private final NodeIndex nodes;
  private final Reputations reputations;
  private final EarningsView earnings;
  private final List<Consumer<Object>> watchers = new CopyOnWriteArrayList<>();
  private CompletionStage<Done> caughtUp = CompletableFuture.completedStage(Done.getInstance());

  private MemberViews(ViewStore store) {
    jobs = new JobIndex(store);
    nodes = new NodeIndex(store);
    reputations = new Reputations(store);
    earnings = new EarningsView();
  }

  static MemberViews start(ActorSystem<?> system, ViewStore store, ClusterSharding sharding) {
    var views = new MemberViews(store);
    var journal =
        PersistenceQuery.get(system)
            .getReadJournalFor(LmdbReadJournal.class, LmdbReadJournal.IDENTIFIER);
    var projection = new Projection(store, journal);
    // A pool that has just started knows nothing of the past of its nodes.
    views
        .known()
        .forEach(
            (pool, known) ->
                sharding
                    .entityRefFor(PoolEntity.KEY, pool.value())
                    .tell(new PoolMessage.Reputations(known)));
    var jobs =
        projection.follow(
            system,
            JobPartition.TAG,
            (writing, event) -> {
              views.jobs.apply(writing, (JobEvent) event);
              if (event instanceof JobEvent.Finished finished) {
                Receipt receipt = finished.receipt();
                if (receipt != null) {
                  views.reputations.apply(writing, receipt);
                }
              }
            },
            events -> {
              views
                  .reputations
                  .drain()
                  .forEach(
                      (pool, known) ->
                          sharding
                              .entityRefFor(PoolEntity.KEY, pool.value())
                              .tell(new PoolMessage.Reputations(known)));
              views.tell(events);
            },
            journal.lastOffset(JobPartition.TAG));
    var nodes =
        projection.follow(
            system,
            NodeEntity.TAG,
            (writing, event) -> views.nodes.apply(writing, (NodeEvent) event),
            views::tell,
            journal.lastOffset(NodeEntity.TAG));
    var accounts =
        projection.followFromStart(
            system,
            AccountsEntity.TAG,
            event -> views.earnings.apply((LedgerEvent) event),
            journal.lastOffset(AccountsEntity.TAG));
    views.caughtUp =
        jobs.caughtUp()
            .thenCombine(nodes.caughtUp(), (done, _) -> done)
            .thenCombine(accounts.caughtUp(), (done, _) -> done);
    return views;
  }

  private Map<PoolId, Map<NodeId, NodeRecord>> known() {
    var known = new HashMap<PoolId, Map<NodeId, NodeRecord>>();
    for (NodeId node : nodes.nodes()) {
      NodeRecord record = reputations.record(node);
      if (!record.equals(NodeRecord.NEW)) {
        nodes
            .identity(node)
            .ifPresent(
                identity ->
                    known.computeIfAbsent(identity.pool(), _ -> new HashMap<>()).put(node, record));
      }
    }
    return known;
  }

  /** Completes once they know all that the journal held when the member started. */
  CompletionStage<Done> caughtUp() {
    return caughtUp;
  }

  /** All jobs that ever were. */
  public JobIndex jobs() {
    return jobs;
  }

  /** All nodes that ever joined. */
  public NodeIndex nodes() {
    return nodes;
  }

  /** What receipts say of nodes. */
  public Reputations reputations() {
    return reputations;
  }

  /** What nodes have earned. */
  public EarningsView earnings() {
    return earnings;
  }

  /**
   * Shows {@code watcher} each event of jobs and nodes once the views know it. It must not block.
   */
  public void watch(Consumer<Object> watcher) {
    watchers.add(watcher);
  }

  private void tell(List<Object> events) {
    events.forEach(event -> watchers.forEach(watcher -> watcher.accept(event)));
  }
}
