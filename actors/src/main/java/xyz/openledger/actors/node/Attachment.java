package xyz.openledger.actors.node;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.pool.NodeOffer;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TaskIdentity;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.session.Standing;
import xyz.openledger.verification.Reveal;
import xyz.openledger.verification.Reveals;
import xyz.openledger.verification.SignedBatch;

/** A node's stream and the leases on it: the part of the twin that is not durable. */
final class Attachment {
  private static final TenantId CHALLENGER = new TenantId("challenge");
  private static final long CHALLENGE_MILLIS = 60_000;

  private final NodeId node;
  private final ActorContext<NodeMessage> context;
  private final TimerScheduler<NodeMessage> timers;
  private final NodeNeighbours neighbours;

  /** The leases on this node, each with its fence. */
  private final Map<ReplicaId, Long> tracked = new HashMap<>();

  private Set<ReplicaId> held = new HashSet<>();
  private @Nullable ActorRef<SessionMessage> session;
  private @Nullable NodeTerms terms;
  private @Nullable Challenge challenge;
  private @Nullable ReplicaId challengeReplica;
  private @Nullable Burning burning;
  private boolean offered;
  private long number;
  private long fenceSeen;
  private List<Long> warm = List.of();

  /** A program that shall burn fuel: no lease of a job, and nothing to track. */
  private record Burning(ReplicaId replica, long seed) {}

  /** What a batch of reveals says about an open challenge. */
  enum ChallengeAnswer {
    NONE,
    PASSED,
    FAILED
  }

  Attachment(
      NodeId node,
      ActorContext<NodeMessage> context,
      TimerScheduler<NodeMessage> timers,
      NodeNeighbours neighbours) {
    this.node = node;
    this.context = context;
    this.timers = timers;
    this.neighbours = neighbours;
  }

  void attach(NodeState state, NodeMessage.Attached attached) {
    number++;
    session = attached.session();
    terms = attached.terms();
    held = new HashSet<>(attached.held());
    burning = null;
    fenceSeen = attached.fenceSeen();
    for (ReplicaId gone : List.copyOf(tracked.keySet())) {
      if (!held.contains(gone) && !gone.equals(challengeReplica)) {
        lost(gone, Problem.NODE_LOST, "the node came back without it");
      }
    }
    if (state.standing() == NodeState.Standing.JOINING) {
      askFence(state);
    } else if (state.standing() == NodeState.Standing.READY) {
      ready(state);
    }
  }

  void challenge(long fence) {
    Challenge drawn = neighbours.challenges().draw(node);
    ReplicaId replica = challengeReplica(fence);
    challenge = drawn;
    challengeReplica = replica;
    tracked.put(replica, fence);
    lease(drawn, replica, fence);
  }

  /** Asks the pool for the number of a lease that is none of a job. */
  void askFence(NodeState state) {
    pool(state, new PoolMessage.NextFence(fenceSeen, context.getSelf()));
  }

  /** Has it run a program that burns fuel, as it runs any other. */
  void burn(xyz.openledger.verification.challenge.Challenge program, long fence) {
    var begun = new Burning(challengeReplica(fence), program.seed());
    burning = begun;
    lease(neighbours.challenges().draw(node).burning(program), begun.replica(), fence);
  }

  /** Whether done or not: nothing is to be burnt any more. */
  void stopBurning() {
    Burning begun = burning;
    if (begun != null) {
      burning = null;
      send(new SessionMessage.Cancels(List.of(begun.replica())));
    }
  }

  private ReplicaId challengeReplica(long fence) {
    fenceSeen = Math.max(fenceSeen, fence);
    return new ReplicaId(new TaskId(JobId.of(CHALLENGER, node + "/" + fence), 0), 0);
  }

  private void lease(Challenge drawn, ReplicaId replica, long fence) {
    send(
        new SessionMessage.Leases(
            List.of(
                new NodeMessage.Work(
                    replica,
                    fence,
                    identity(drawn),
                    drawn.module(),
                    drawn.code(),
                    drawn.arguments(),
                    drawn.input(),
                    drawn.fuelMax(),
                    drawn.memoryMaxBytes(),
                    drawn.outputMaxBytes(),
                    CHALLENGE_MILLIS,
                    true,
                    0,
                    false))));
  }

  /** Offers the node to its pool. */
  void ready(NodeState state) {
    NodeIdentity identity = state.identity();
    NodeTerms now = terms;
    if (identity == null || now == null || session == null) {
      return;
    }
    offered = true;
    staked(state);
    warm = List.of();
    send(new SessionMessage.Standing(new Standing(Standing.State.READY, "")));
    pool(
        state,
        new PoolMessage.NodeUp(
            new NodeOffer(
                node,
                identity.name(),
                identity.owner(),
                now.priceNanoOpenPerGigafuel(),
                now.slots(),
                now.memoryMaxBytesPerSlot(),
                now.region(),
                now.carbonGramsPerKwh(),
                now.watts(),
                state.downgrades().believed(now.fuelPerCpuSecond()),
                now.roundTripMicros(),
                now.hardware().sandbox(),
                now.traits(),
                now.own(),
                now.selling()),
            List.copyOf(held),
            fenceSeen));
  }

  /** Offers it as it is believed to be now, if it is offered at all. */
  void offerAgain(NodeState state) {
    if (offered) {
      ready(state);
    }
  }

  /** Whether it is here, may work, and has nothing to do. */
  boolean isIdle(NodeState state) {
    return session != null && state.standing() == NodeState.Standing.READY && tracked.isEmpty();
  }

  void ask(SessionMessage.@Nullable CapacityAsk ask) {
    if (ask != null) {
      send(ask);
    }
  }

  /** Tells the pool what is at stake for the node. */
  void staked(NodeState state) {
    if (state.stakeNanoOpen() > 0) {
      pool(state, new PoolMessage.Staked(node, state.stakeNanoOpen()));
    }
  }

  void beat(NodeState state, NodeMessage.Beat beat) {
    boolean ready = beat.state().equals("ready");
    if (ready && !offered && state.standing() == NodeState.Standing.READY) {
      ready(state);
    } else if (!ready && offered) {
      withdraw(state, beat.state(), false);
    }
    if (offered && !beat.warm().equals(warm)) {
      warm = beat.warm();
      pool(state, new PoolMessage.Warm(node, warm));
    }
  }

  void dispatch(NodeMessage.Work work) {
    tracked.put(work.replica(), work.fence());
    if (session == null) {
      lost(work.replica(), Problem.NODE_LOST, "the node's stream is closed");
    } else {
      held.add(work.replica());
      send(new SessionMessage.Leases(List.of(work)));
    }
  }

  void askReveal(List<ReplicaId> replicas) {
    send(new SessionMessage.RevealRequests(replicas));
  }

  /** Passes a notice on; a lease that is over needs none. */
  void notice(NodeMessage.Notice notice) {
    if (tracked.getOrDefault(notice.replica(), 0L) == notice.fence()) {
      send(new SessionMessage.Notices(List.of(notice)));
    }
  }

  void cancel(List<ReplicaId> replicas) {
    replicas.forEach(tracked::remove);
    replicas.forEach(held::remove);
    send(new SessionMessage.Cancels(replicas));
  }

  void reattach(NodeMessage.Reattach again) {
    tracked.put(again.replica(), again.fence());
    if (session == null) {
      startGrace();
    } else if (!held.contains(again.replica())) {
      lost(again.replica(), Problem.NODE_LOST, "the node no longer has it");
    }
  }

  /** The gateway has waited for the stream to come back; it did not. */
  void detach(NodeState state, ActorRef<SessionMessage> gone) {
    if (gone.equals(session)) {
      session = null;
      overdue(state, number);
    }
  }

  void overdue(NodeState state, long which) {
    if (session == null && which == number) {
      withdraw(state, "its stream did not come back", false);
      for (ReplicaId replica : List.copyOf(tracked.keySet())) {
        lost(replica, Problem.NODE_LOST, "the node's stream did not come back");
      }
    }
  }

  void commits(NodeMessage.Commits commits) {
    for (NodeMessage.Commit commit : commits.commits()) {
      job(
          commit.replica(),
          new JobMessage.Committed(
              commit.replica(), node, commit.fence(), commit.commitment(), commits.heardBy()));
    }
  }

  /**
   * Passes each outcome on to its job, which knows best whether it is still wanted: one for a lease
   * that is over says nothing about the rest.
   */
  ChallengeAnswer reveals(NodeMessage.Reveals reveals) {
    List<Reveal> shown = reveals.shown().stream().map(Attachment::reveal).toList();
    var statements =
        Reveals.statements(new SignedBatch(node, shown, reveals.root(), reveals.signature()));
    var answer = ChallengeAnswer.NONE;
    for (int i = 0; i < shown.size(); i++) {
      Reveal reveal = shown.get(i);
      tracked.remove(reveal.replica(), reveal.fence());
      if (reveal.replica().equals(challengeReplica)) {
        answer = judge(reveal);
        reveals.heardBy().tell();
      } else if (burns(reveal.replica())) {
        burnt(reveal.outcome().succeeded() ? reveal.outcome().outputDigest() : Digest.of());
        reveals.heardBy().tell();
      } else {
        pass(reveal, statements.get(i), reveals.shown().get(i), reveals.heardBy());
      }
    }
    return answer;
  }

  private boolean burns(ReplicaId replica) {
    return burning != null && burning.replica().equals(replica);
  }

  /** It has burnt its fuel, or could not: an end that no program comes to. */
  private void burnt(Digest end) {
    Burning begun = burning;
    burning = null;
    if (begun != null) {
      context.getSelf().tell(new NodeMessage.CapacityAnswer(begun.seed(), end));
    }
  }

  private static Reveal reveal(NodeMessage.Shown shown) {
    return new Reveal(shown.replica(), shown.fence(), shown.task(), shown.outcome(), shown.salt());
  }

  private void pass(
      Reveal reveal, Receipt.SignedStatement statement, NodeMessage.Shown shown, HeardBy heardBy) {
    byte[] output = shown.output();
    Digest digest = reveal.outcome().outputDigest();
    boolean here =
        output == null ? neighbours.stored().test(digest) : Digest.of(output).equals(digest);
    job(
        reveal.replica(),
        here
            ? new JobMessage.Revealed(
                node, reveal, statement, output, heardBy, null, shown.attestation())
            : new JobMessage.Lost(
                reveal.replica(),
                node,
                reveal.fence(),
                Problem.DIGEST_MISMATCH,
                "its output is not here, or has another digest",
                heardBy));
  }

  /** Passes faults on; answers whether the challenge is among them. */
  boolean faults(NodeMessage.Faults faults) {
    boolean challenged = false;
    for (NodeMessage.Fault fault : faults.faults()) {
      Long leased = tracked.remove(fault.replica());
      held.remove(fault.replica());
      // A node that no longer has a lease cannot tell its fence.
      long fence = fault.fence() == 0 && leased != null ? leased : fault.fence();
      if (fault.replica().equals(challengeReplica)) {
        challenged = true;
        faults.heardBy().tell();
      } else if (burns(fault.replica())) {
        burnt(Digest.of());
        faults.heardBy().tell();
      } else {
        job(
            fault.replica(),
            new JobMessage.Lost(
                fault.replica(),
                node,
                fence,
                fault.problem(),
                fault.detail(),
                faults.heardBy(),
                brought(fault)));
      }
    }
    return challenged;
  }

  /** What it says that it saved, if that is here. */
  private @Nullable SavedState brought(NodeMessage.Fault fault) {
    SavedState saved = fault.saved();
    return saved != null && neighbours.stored().test(saved.blob()) ? saved : null;
  }

  void drain(NodeState state) {
    withdraw(state, "it is draining", false);
    send(new SessionMessage.Standing(new Standing(Standing.State.DRAINING, "")));
    send(new SessionMessage.Drain());
  }

  void leave(NodeState state, boolean permanent) {
    withdraw(state, "it left", permanent);
    for (ReplicaId replica : List.copyOf(tracked.keySet())) {
      lost(replica, Problem.NODE_LOST, "the node left");
    }
  }

  void goodbye(Problem problem, String detail) {
    send(new SessionMessage.Goodbye(problem, detail));
  }

  NodeView view(NodeState state) {
    return new NodeView(
        state.identity(),
        terms == null ? state.terms() : terms,
        state.standing().name().toLowerCase(Locale.ROOT),
        session != null,
        tracked.size(),
        state.transactionHash(),
        state.stakeNanoOpen(),
        state.downgrades().worst());
  }

  private ChallengeAnswer judge(Reveal reveal) {
    Challenge open = challenge;
    challenge = null;
    challengeReplica = null;
    return open != null
            && reveal.task().equals(identity(open))
            && reveal.outcome().succeeded()
            && reveal.outcome().outputDigest().equals(open.output())
        ? ChallengeAnswer.PASSED
        : ChallengeAnswer.FAILED;
  }

  private static Digest identity(Challenge challenge) {
    return TaskIdentity.of(
        challenge.code(),
        challenge.arguments(),
        challenge.input(),
        challenge.fuelMax(),
        challenge.memoryMaxBytes(),
        challenge.outputMaxBytes());
  }

  private void startGrace() {
    timers.startSingleTimer(new NodeMessage.Overdue(number), neighbours.grace());
  }

  private void withdraw(NodeState state, String reason, boolean left) {
    if (offered || left) {
      offered = false;
      pool(state, new PoolMessage.NodeDown(node, reason, left));
    }
  }

  private void lost(ReplicaId replica, Problem problem, String detail) {
    Long fence = tracked.remove(replica);
    held.remove(replica);
    if (fence != null) {
      job(replica, new JobMessage.Lost(replica, node, fence, problem, detail, null));
    }
  }

  private void job(ReplicaId replica, JobMessage message) {
    neighbours.jobs().apply(replica.job()).tell(message);
  }

  private void pool(NodeState state, PoolMessage message) {
    NodeIdentity identity = state.identity();
    if (identity != null) {
      neighbours.pools().apply(identity.pool()).tell(message);
    }
  }

  private void send(SessionMessage message) {
    ActorRef<SessionMessage> open = session;
    if (open != null) {
      open.tell(message);
    }
  }
}
