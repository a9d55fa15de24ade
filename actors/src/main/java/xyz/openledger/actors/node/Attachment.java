package xyz.openledger.actors.node;

import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.JobMessage;
import xyz.openledger.actors.pool.NodeOffer;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TaskIdentity;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.verification.Finding;
import xyz.openledger.verification.Reveal;
import xyz.openledger.verification.Reveals;

/** A node's stream and the leases on it: the part of the twin that is not durable. */
final class Attachment {
  private static final TenantId CHALLENGER = new TenantId("challenge");
  private static final long CHALLENGE_MILLIS = 60_000;

  private final NodeId node;
  private final ActorContext<NodeMessage> context;
  private final TimerScheduler<NodeMessage> timers;
  private final NodeNeighbours neighbours;
  private final Map<ReplicaId, Long> fences = new HashMap<>();
  private Set<ReplicaId> held = new HashSet<>();
  private @Nullable ActorRef<SessionMessage> session;
  private @Nullable NodeTerms terms;
  private @Nullable Challenge challenge;
  private @Nullable ReplicaId challengeReplica;
  private @Nullable Address resultAddress;
  private boolean offered;
  private long number;

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
    for (ReplicaId gone : List.copyOf(fences.keySet())) {
      if (!held.contains(gone)) {
        lost(gone, Problem.NODE_LOST, "the node came back without it");
      }
    }
    if (state.standing() == NodeState.Standing.JOINING) {
      pool(state, new PoolMessage.NextFence(context.getSelf()));
    } else if (state.standing() == NodeState.Standing.READY) {
      ready(state);
    }
  }

  void challenge(long fence) {
    Challenge drawn = neighbours.challenges().draw(node);
    var replica = new ReplicaId(new TaskId(JobId.of(CHALLENGER, node + "/" + fence), 0), 0);
    challenge = drawn;
    challengeReplica = replica;
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
                    0))));
  }

  /** Offers the node to its pool. */
  void ready(NodeState state) {
    NodeIdentity identity = state.identity();
    NodeTerms now = terms;
    if (identity == null || now == null || session == null) {
      return;
    }
    offered = true;
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
                now.fuelPerCpuSecond(),
                now.roundTripMicros(),
                now.hardware().sandbox()),
            List.copyOf(held)));
  }

  void beat(NodeState state, NodeMessage.Beat beat) {
    boolean ready = beat.state().equals("ready");
    if (ready && !offered && state.standing() == NodeState.Standing.READY) {
      ready(state);
    } else if (!ready && offered) {
      withdraw(state, beat.state(), false);
    }
  }

  void dispatch(NodeMessage.Work work) {
    fences.put(work.replica(), work.fence());
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

  void cancel(List<ReplicaId> replicas) {
    replicas.forEach(fences::remove);
    replicas.forEach(held::remove);
    send(new SessionMessage.Cancels(replicas));
  }

  void reattach(ReplicaId replica, long fence) {
    fences.put(replica, fence);
    if (session != null && !held.contains(replica)) {
      lost(replica, Problem.NODE_LOST, "the node no longer has it");
    } else if (session == null) {
      startGrace();
    }
  }

  void detach(NodeState state, ActorRef<SessionMessage> gone) {
    if (gone.equals(session)) {
      session = null;
      withdraw(state, "its stream broke", false);
      startGrace();
    }
  }

  void overdue(NodeState state, long which) {
    if (session == null && which == number) {
      withdraw(state, "its stream did not come back", false);
      for (ReplicaId replica : List.copyOf(fences.keySet())) {
        lost(replica, Problem.NODE_LOST, "the node's stream did not come back");
      }
    }
  }

  void commits(List<NodeMessage.Commit> commits) {
    for (NodeMessage.Commit commit : commits) {
      job(
          commit.replica(),
          new JobMessage.Committed(commit.replica(), node, commit.fence(), commit.commitment()));
    }
  }

  ChallengeAnswer reveals(NodeState state, NodeMessage.Reveals reveals) {
    var batch = reveals.batch();
    if (Reveals.batch(neighbours.court().get(), resultAddress(state), batch)
        instanceof Finding.Refused(var problem, var reason)) {
      context.getLog().warn("{} sent a bad batch: {}", node, reason);
      batch.reveals().forEach(reveal -> lost(reveal.replica(), problem, reason));
      return ChallengeAnswer.NONE;
    }
    var answer = ChallengeAnswer.NONE;
    var statements = Reveals.statements(batch);
    for (int i = 0; i < statements.size(); i++) {
      Reveal reveal = batch.reveals().get(i);
      if (reveal.replica().equals(challengeReplica)) {
        answer = judge(reveal);
      } else {
        fences.remove(reveal.replica());
        Outcome outcome = reveal.outcome();
        byte[] output = reveals.outputs().get(i);
        boolean inline = output.length > 0 || outcome.outputBytes() == 0;
        if (inline
            ? Digest.of(output).equals(outcome.outputDigest())
            : neighbours.stored().test(outcome.outputDigest())) {
          job(
              reveal.replica(),
              new JobMessage.Revealed(node, reveal, statements.get(i), inline ? output : null));
        } else {
          lost(
              reveal.replica(),
              reveal.fence(),
              Problem.DIGEST_MISMATCH,
              "its output is not here, or has another digest");
        }
      }
    }
    return answer;
  }

  /** Passes faults on; answers whether the challenge is among them. */
  boolean faults(List<NodeMessage.Fault> faults) {
    boolean challenged = false;
    for (NodeMessage.Fault fault : faults) {
      if (fault.replica().equals(challengeReplica)) {
        challenged = true;
      } else {
        lost(fault.replica(), fault.fence(), fault.problem(), fault.detail());
      }
    }
    return challenged;
  }

  void drain(NodeState state) {
    withdraw(state, "it is draining", false);
    send(new SessionMessage.Drain());
  }

  void leave(NodeState state) {
    withdraw(state, "it left", true);
    for (ReplicaId replica : List.copyOf(fences.keySet())) {
      lost(replica, Problem.NODE_LOST, "the node left");
    }
    goodbye(Problem.FORBIDDEN, "this node has left");
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
        fences.size(),
        state.transactionHash(),
        state.stakeNanoOpen());
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

  private Address resultAddress(NodeState state) {
    Address known = resultAddress;
    if (known == null) {
      NodeIdentity identity = Objects.requireNonNull(state.identity());
      known = Secp256k1Key.address(HexFormat.of().parseHex(identity.resultKey()));
      resultAddress = known;
    }
    return known;
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
    Long fence = fences.get(replica);
    if (fence != null) {
      lost(replica, fence, problem, detail);
    }
  }

  private void lost(ReplicaId replica, long fence, Problem problem, String detail) {
    fences.remove(replica);
    held.remove(replica);
    job(replica, new JobMessage.Lost(replica, node, fence, problem, detail));
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
