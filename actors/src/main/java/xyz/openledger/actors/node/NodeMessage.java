package xyz.openledger.actors.node;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.SavedState;

/** What a {@link NodeEntity} is told and asked. */
public sealed interface NodeMessage extends MemberMessage {

  /** Bind this node to its owner and pool; its claim has been spent. */
  record Enrol(NodeIdentity identity, NodeTerms terms, ActorRef<EnrolReply> replyTo)
      implements NodeMessage {}

  /** Done, or why not. */
  record EnrolReply(@Nullable Problem problem, String detail) implements MemberMessage {}

  /** Run this. */
  record Dispatch(Work work) implements NodeMessage {}

  /** Show these outcomes. */
  record Reveal(List<ReplicaId> replicas) implements NodeMessage {}

  /**
   * This lease has to make room.
   *
   * @param millis how long it may run on
   * @param reason for whom; a sentence
   */
  record Notice(ReplicaId replica, long fence, long millis, String reason) implements NodeMessage {}

  /** Stop, or forget, these. */
  record Cancel(List<ReplicaId> replicas) implements NodeMessage {}

  /** A job took this lease up again after a restart: say if the node no longer has it. */
  record Reattach(ReplicaId replica, long fence) implements NodeMessage {}

  /**
   * The node's stream is open.
   *
   * @param held leases that the node's process still has
   * @param fenceSeen the highest fence the machine may have seen
   * @param memoryStepsPerSecond what it claims; absent if it answers no challenges of its memory
   * @param cpuQuotaPercent of its claimed fuel, how much a slot may burn
   */
  record Attached(
      ActorRef<SessionMessage> session,
      NodeTerms terms,
      List<ReplicaId> held,
      long fenceSeen,
      @Nullable Long memoryStepsPerSecond,
      int cpuQuotaPercent)
      implements NodeMessage {
    /** A node that claims nothing of its memory, and has no quota. */
    public Attached(
        ActorRef<SessionMessage> session, NodeTerms terms, List<ReplicaId> held, long fenceSeen) {
      this(session, terms, held, fenceSeen, null, 100);
    }

    /** What a second of one slot burns, by its claim. */
    long fuelPerSecond() {
      return terms.fuelPerCpuSecond() / 100 * cpuQuotaPercent;
    }
  }

  /** It is time for a challenge of capacity. */
  record CapacityDue() implements NodeMessage {}

  /** What the node says stands at the end of a walk, or of a program that burns fuel. */
  record CapacityAnswer(long seed, Digest digest) implements NodeMessage {}

  /**
   * What a challenge of capacity came to.
   *
   * @param right whether the answer was right, and there in time
   * @param millis how long it took; 0 for too long
   */
  record CapacityJudged(long seed, boolean right, long millis) implements NodeMessage {}

  /** The stream is gone; it may come back. */
  record Detached(ActorRef<SessionMessage> session) implements NodeMessage {}

  /** The stream did not come back in time. */
  record Overdue(long attachment) implements NodeMessage {}

  /** The pool's next fence for this node, for its challenge. */
  record ChallengeFence(long fence) implements NodeMessage {}

  /**
   * The node said how it is.
   *
   * @param warm the first eight bytes of the digests of blobs that it holds
   */
  record Beat(int credits, String state, List<Long> warm) implements NodeMessage {
    /** A node that says nothing of blobs. */
    public Beat(int credits, String state) {
      this(credits, state, List.of());
    }
  }

  /** The node bound itself. */
  record Commits(List<Commit> commits, HeardBy heardBy) implements NodeMessage {}

  /**
   * The node showed outcomes under one signature. The gateway has checked it, and that the root is
   * that of their statements.
   *
   * @param root over the statements of the shown, in order, as it was signed
   * @param signature of the root; 65 bytes in hex
   */
  record Reveals(List<Shown> shown, Digest root, String signature, HeardBy heardBy)
      implements NodeMessage {}

  /** The node could not run these. */
  record Faults(List<Fault> faults, HeardBy heardBy) implements NodeMessage {}

  /**
   * The node goes, and gives up what it holds.
   *
   * @param permanent whether it leaves for good
   */
  record Leaving(boolean permanent) implements NodeMessage {}

  /** The operator, or the contributor, wants no new leases here. */
  record Drain(ActorRef<EnrolReply> replyTo) implements NodeMessage {}

  /** How the node is registered on the chain. */
  record Registered(String transactionHash, long stakeNanoOpen) implements NodeMessage {}

  /** Tell how the node is. */
  record Show(ActorRef<NodeView> replyTo) implements NodeMessage {}

  /**
   * One lease, as the node needs it.
   *
   * @param streamed whether the text of its answer is wanted while it is made
   * @param share the same for all that one tenant pays for on this node, and naming nobody
   * @param saved from where to go on; absent for the beginning
   */
  record Work(
      ReplicaId replica,
      long fence,
      Digest task,
      Digest module,
      Digest code,
      List<String> arguments,
      Digest input,
      long fuelMax,
      long memoryMaxBytes,
      long outputMaxBytes,
      long leaseMillis,
      boolean revealAtOnce,
      long priceNanoOpenPerGigafuel,
      boolean streamed,
      boolean attest,
      long share,
      @Nullable SavedState saved)
      implements MemberMessage {
    /** Work for which no chip has to vouch. */
    public Work(
        ReplicaId replica,
        long fence,
        Digest task,
        Digest module,
        Digest code,
        List<String> arguments,
        Digest input,
        long fuelMax,
        long memoryMaxBytes,
        long outputMaxBytes,
        long leaseMillis,
        boolean revealAtOnce,
        long priceNanoOpenPerGigafuel,
        boolean streamed) {
      this(
          replica,
          fence,
          task,
          module,
          code,
          arguments,
          input,
          fuelMax,
          memoryMaxBytes,
          outputMaxBytes,
          leaseMillis,
          revealAtOnce,
          priceNanoOpenPerGigafuel,
          streamed,
          false,
          0,
          null);
    }
  }

  /** One commitment. */
  record Commit(ReplicaId replica, long fence, Digest commitment) implements MemberMessage {}

  /**
   * One outcome.
   *
   * @param task what the node says it ran
   * @param salt opens the commitment; zeros where there was none
   * @param output the output itself where it is small, or null where it lies in the blob store
   * @param attestation what its chip says of it; empty if the lease asks none
   */
  record Shown(
      ReplicaId replica,
      long fence,
      Digest task,
      Outcome outcome,
      Digest salt,
      byte @Nullable [] output,
      String attestation)
      implements MemberMessage {
    /** An outcome for which no chip vouches. */
    public Shown(
        ReplicaId replica,
        long fence,
        Digest task,
        Outcome outcome,
        Digest salt,
        byte @Nullable [] output) {
      this(replica, fence, task, outcome, salt, output, "");
    }
  }

  /**
   * One fault.
   *
   * @param saved how far it came, if it had to make room
   */
  record Fault(
      ReplicaId replica, long fence, Problem problem, String detail, @Nullable SavedState saved)
      implements MemberMessage {
    /** A fault that leaves nothing. */
    public Fault(ReplicaId replica, long fence, Problem problem, String detail) {
      this(replica, fence, problem, detail, null);
    }
  }
}
