package xyz.openledger.actors.pool;

import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.pubsub.Topic;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Locality;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolSummary;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.pools.queue.PoolQueue;
import xyz.openledger.pools.queue.QueueTerms;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.verification.NodeRecord;

/**
 * Who waits and who runs in one pool. Nothing here is durable: after a crash jobs ask again, and
 * say which leases they have.
 *
 * <p>Takes what comes in and lets the parts do it in turn: {@link Members} know the nodes, {@link
 * Waiting} who asked, {@link Leasing} gives and ends {@link Leases}, {@link Trading} buys for those
 * who do not wait in the queue, {@link Answers} tells jobs why, {@link Overview} shows it all.
 */
final class Desk {
  private final EpochSecret secret;
  private final ActorRef<Topic.Command<PoolNews>> news;
  private final Clock clock;
  private final Locality locality;
  private final PoolMarket market;
  private final Leases leases = new Leases();
  private final Fences fences = new Fences();
  private final Warm warm = new Warm();
  private final Members members;
  private final Waiting waiting;
  private final Answers answers;
  private final Leasing leasing;
  private final Trading trading;
  private final Overview overview;

  Desk(PoolId id, EpochSecret secret, ActorRef<Topic.Command<PoolNews>> news, Clock clock) {
    this(id, secret, news, clock, Surroundings.UNKNOWN);
  }

  Desk(
      PoolId id,
      EpochSecret secret,
      ActorRef<Topic.Command<PoolNews>> news,
      Clock clock,
      Surroundings surroundings) {
    var cleanHours = new CleanHours(surroundings.grid());
    this.secret = secret;
    this.news = news;
    this.clock = clock;
    this.locality = new Locality(warm::has, surroundings.blobBytes());
    this.market = new PoolMarket(id);
    this.members = new Members(id, secret, cleanHours, leases, market, clock);
    this.waiting = new Waiting(cleanHours, clock);
    this.answers = new Answers(id, waiting, members, clock);
    this.leasing = new Leasing(id, fences, leases, waiting, members, market, cleanHours, clock);
    this.trading = new Trading(waiting, members, market, leasing, answers, clock);
    this.overview = new Overview(id, leases, waiting, members, market);
  }

  /** After a start, or a change of terms: nodes are listed and away until they say otherwise. */
  void resume(PoolState state) {
    Pool known = state.pool();
    if (known == null) {
      return;
    }
    if (waiting.pool() == null) {
      fences.startAbove(state.fencedTo());
      state.offers().values().forEach(offer -> members.list(offer, false));
    }
    members.under(known.terms());
    market.resume(state, clock.millis());
    var matcher = new Matcher(known.terms(), secret, locality);
    var queue = new PoolQueue(matcher, known.terms(), QueueTerms.DEFAULT.with(state.quotas()));
    leases.all().forEach(held -> held.runsIn(queue, clock.millis()));
    waiting.open(known, matcher, queue);
  }

  /** Other quotas hold from now on: who was held back may be next. */
  void limit(Quotas quotas) {
    PoolQueue queue = waiting.queue();
    if (queue != null) {
      queue.limit(quotas);
      pump();
    }
  }

  boolean needsFences(PoolState state) {
    return state.pool() != null && fences.areLow();
  }

  void fencesTo(long upTo) {
    fences.durableTo(upTo);
  }

  void fence(long seen, ActorRef<NodeMessage> replyTo) {
    replyTo.tell(new NodeMessage.ChallengeFence(fences.above(seen)));
  }

  void up(PoolMessage.NodeUp up) {
    NodeId node = up.offer().node();
    // Leases that the node no longer has are the jobs' to mourn; their slots are free.
    leases
        .lost(node, up.held())
        .forEach(replica -> leasing.free(replica, PoolQueue.End.CALLED_BACK));
    fences.saw(node, up.fenceSeen());
    market.offers(up.offer());
    market.ahead().back(node);
    members.list(up.offer(), true);
    pump();
  }

  void down(PoolMessage.NodeDown down) {
    market.ahead().away(down.node(), clock.millis());
    if (down.left()) {
      market.left(down.node());
      warm.forget(down.node());
      members.left(down.node());
    } else {
      members.away(down.node());
    }
  }

  /** A node says which blobs it holds. */
  void warm(PoolMessage.Warm said) {
    if (members.has(said.node())) {
      warm.holds(said.node(), said.blobs());
    }
  }

  void request(PoolMessage.Request request) {
    PoolQueue queue = waiting.queue();
    if (queue == null) {
      answers.notOpen(request);
      return;
    }
    var missing = new TreeSet<Integer>();
    // Who has a lease that the job had not heard of when it asked.
    var owners = new HashSet<Address>();
    for (int number : request.replicas()) {
      Leases.Held held = leases.find(new ReplicaId(request.request().task(), number));
      if (held == null) {
        missing.add(number);
      } else {
        owners.add(held.grant().owner());
        answers.leasedBefore(request, held.grant());
      }
    }
    if (missing.isEmpty() || (owners.isEmpty() && shifted(request))) {
      return;
    }
    owners.addAll(request.request().ownersExcluded());
    var waits =
        new Asked(
            missing,
            request.request().excluding(owners),
            request.deadlineAtMillis(),
            request.replyTo(),
            request.hedge(),
            request.preemptible(),
            market.postedNanoOpen(ResourceClass.of(request.request())));
    waiting.add(waits);
    if (waits.isOnDemand() && waits.isTooDear().isPresent()) {
      answers.hopeless(waits, waits.isTooDear().get());
    } else if (waits.isOnDemand()) {
      enqueue(waits, queue);
    } else {
      trade(waits);
    }
  }

  /** Whether a task that could start now is told to wait for a cleaner grid. */
  private boolean shifted(PoolMessage.Request request) {
    var wait = waiting.cleaner(request, members.roster().nodes());
    wait.ifPresent(it -> answers.postponed(request, it));
    return wait.isPresent();
  }

  /** Lets a task wait for its turn. */
  private void enqueue(Asked waits, PoolQueue queue) {
    var admission = queue.offer(waits.entry(), clock.millis());
    if (admission instanceof PoolQueue.Admission.Refused(var retryAfterMillis)) {
      waiting.remove(waits.task());
      answers.queued(
          waits, List.of("the pool's queue is full; asked again in " + retryAfterMillis + " ms"));
      return;
    }
    pump();
    answers.explain(waits.task());
  }

  /** Lets a task wait that buys on the spot, or runs on what its tenant has bought ahead. */
  private void trade(Asked waits) {
    if (trading.lets(waits)) {
      pump();
      trading.explain(waits);
    }
  }

  /** Jobs say which leases they have had since before a restart. */
  void leased(PoolMessage.Leased said) {
    leasing.leased(said);
  }

  void release(List<ReplicaId> replicas, PoolQueue.End end) {
    replicas.forEach(replica -> leasing.free(replica, end));
    pump();
  }

  void withdraw(TaskId task) {
    waiting.withdraw(task);
  }

  /** What receipts say of nodes, by kind of work. */
  void reputations(Map<NodeId, NodeRecord> known) {
    members.records(known);
  }

  void staked(NodeId node, long nanoOpen) {
    members.staked(node, nanoOpen);
  }

  void tick() {
    members.age();
    Pool known = waiting.pool();
    if (known == null) {
      return;
    }
    members.regrid();
    members.forget();
    waiting.expire();
    leasing.look();
    pump();
    news.tell(
        Topic.publish(
            new PoolNews(
                PoolSummary.of(known, members.roster(), waiting.size()).holding(warm.sum()))));
  }

  /** Gives free slots to those who wait. */
  private void pump() {
    PoolQueue queue = waiting.queue();
    if (queue == null || waiting.isEmpty()) {
      return;
    }
    trading.redeem();
    trading.reserved();
    for (PoolQueue.Grant grant : queue.next(members.roster(), clock.millis())) {
      leasing.grant(grant.entry().request().task(), grant.placement(), "");
    }
  }

  /** What comes of the market now; to be written down, and then {@link #traded}. */
  List<PoolEvent> trades() {
    return trading.trades();
  }

  /** Carries out what has been written down. */
  void traded(PoolState state) {
    trading.traded(state);
    pump();
  }

  /** Opens the offers of slots to be bought ahead; refuses what cannot be had or paid. */
  List<Booking> book(PoolState state, PoolMessage.Reserve reserve, long availableNanoOpen) {
    return trading.book(state, reserve, availableNanoOpen);
  }

  PoolView view(PoolState state) {
    return overview.view(state);
  }

  /** The nodes as those see them who buy that kind of capacity. */
  PoolSurvey survey(PoolMessage.Survey wanted) {
    return overview.survey(wanted);
  }

  /** What a task would meet beside the nodes. */
  PoolProspects prospects(PoolMessage.Prospects wanted) {
    return overview.prospects(wanted);
  }

  MarketView marketView(ResourceClass of, int rounds) {
    return overview.market(of, rounds);
  }
}
