package xyz.openledger.actors.job;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.node.HeardBy;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.verification.Reveal;

/** What a {@link JobPartition} is told and asked. */
public sealed interface JobMessage extends MemberMessage {

  /**
   * Take this job. The gate has admitted the module, and its blobs are stored.
   *
   * @param claim what was said of its one task before, and is to be checked; null for nothing
   * @param modelOwner who gets the model's part of its price; null if whom governance names
   * @param licences that the models which it uses are under; empty if it uses none
   */
  record Submit(
      JobId job,
      TenantId tenant,
      JobSpec spec,
      Digest code,
      @Nullable Claim claim,
      @Nullable Address modelOwner,
      List<String> licences,
      ActorRef<SubmitReply> replyTo)
      implements JobMessage {
    /** A job of which nothing was said before. */
    public Submit(
        JobId job, TenantId tenant, JobSpec spec, Digest code, ActorRef<SubmitReply> replyTo) {
      this(job, tenant, spec, code, null, null, List.of(), replyTo);
    }
  }

  /**
   * What a node said in an earlier job.
   *
   * @param task the identity of the task that it spoke of
   * @param grant the lease that it had for it
   */
  record Claim(Digest task, Grant grant, JobEvent.Reveal reveal) {}

  /** The answer, once the job is durable and its escrow is held. */
  record SubmitReply(JobId job, String state, @Nullable Problem problem, String detail)
      implements MemberMessage {
    /** Why a submission under a used key is refused. */
    static final String OTHER_JOB = "this Idempotency-Key was used for another job";
  }

  /** Stop this job. */
  record Cancel(JobId job, TenantId tenant, ActorRef<ShowReply> replyTo) implements JobMessage {}

  /** End this job if nothing of it runs: rules that came into force since forbid it. */
  record Drain(JobId job, String reason) implements JobMessage {}

  /** Tell where this job stands. */
  record Show(JobId job, ActorRef<ShowReply> replyTo) implements JobMessage {}

  /** The job, or null if it is not live here; and why it waits, where it does. */
  record ShowReply(@Nullable Job job, List<String> waiting) implements MemberMessage {}

  /** The escrow is held, or why it cannot be. */
  record Held(JobId job, @Nullable Problem problem, String detail) implements JobMessage {}

  /**
   * The pool leased nodes.
   *
   * @param explanation why each of them, a sentence for each grant, in the past tense
   */
  record Granted(JobId job, List<Grant> grants, List<String> explanation) implements JobMessage {}

  /**
   * The pool has put the request into its queue, or lets it wait for a better hour.
   *
   * @param notBeforeMillis when it may start, by its own policy; 0 for as soon as it can
   */
  record Queued(TaskId task, PoolId pool, List<String> explanation, long notBeforeMillis)
      implements JobMessage {
    /** In the queue. */
    public Queued(TaskId task, PoolId pool, List<String> explanation) {
      this(task, pool, explanation, 0);
    }
  }

  /** The pool, or if it is null any pool, can never serve the request. */
  record Unplaceable(TaskId task, @Nullable PoolId pool, List<String> explanation)
      implements JobMessage {}

  /** A node bound itself. */
  record Committed(ReplicaId replica, NodeId node, long fence, Digest commitment, HeardBy heardBy)
      implements JobMessage {}

  /**
   * A node showed its outcome; its batch's signature has been checked.
   *
   * @param check what a check of its products found; absent until there was one
   * @param attestation what the node's chip says of it; empty if the lease asks none
   */
  record Revealed(
      NodeId node,
      Reveal reveal,
      Receipt.SignedStatement statement,
      byte @Nullable [] output,
      HeardBy heardBy,
      Receipt.@Nullable ProductCheck check,
      String attestation)
      implements JobMessage {
    /** As it comes from the node. */
    public Revealed(
        NodeId node,
        Reveal reveal,
        Receipt.SignedStatement statement,
        byte @Nullable [] output,
        HeardBy heardBy) {
      this(node, reveal, statement, output, heardBy, null, "");
    }

    Revealed checked(Receipt.ProductCheck found) {
      return new Revealed(node, reveal, statement, output, heardBy, found, attestation);
    }

    ReplicaId replica() {
      return reveal.replica();
    }

    long fence() {
      return reveal.fence();
    }
  }

  /**
   * The products of an outcome were checked.
   *
   * @param found null if they could not be just now
   */
  record ProductsChecked(Revealed said, Receipt.@Nullable ProductCheck found)
      implements JobMessage {}

  /**
   * A node will bring nothing for this replica.
   *
   * @param heardBy absent if the node itself did not say so
   * @param saved how far it came, if it had to make room; it is stored here
   */
  record Lost(
      ReplicaId replica,
      NodeId node,
      long fence,
      Problem problem,
      String detail,
      @Nullable HeardBy heardBy,
      @Nullable SavedState saved)
      implements JobMessage {
    /** A node that leaves nothing. */
    public Lost(
        ReplicaId replica,
        NodeId node,
        long fence,
        Problem problem,
        String detail,
        @Nullable HeardBy heardBy) {
      this(replica, node, fence, problem, detail, heardBy, null);
    }
  }

  /**
   * A replica has to make room for more urgent work.
   *
   * @param noticeMillis how long it may run on
   * @param fuelPerSecond its node's measured speed
   * @param detail for whom; a sentence
   */
  record Preempt(
      ReplicaId replica,
      NodeId node,
      long fence,
      long noticeMillis,
      long fuelPerSecond,
      String detail)
      implements JobMessage {}

  /** A replica takes much longer than its like; for jobs that asked to be told. */
  record Straggles(ReplicaId replica, NodeId node, long fence, String detail)
      implements JobMessage {}

  /** The job's money has moved. */
  record Moved(JobId job, @Nullable Problem problem, String detail) implements JobMessage {}

  /**
   * The job's receipt is in the log; or another one is, which no job of ours should see.
   *
   * @param kind of the receipt: a job that answered first has two
   */
  record Logged(JobId job, long index, boolean conflicting, Receipt.Kind kind)
      implements JobMessage {
    /** Of a job that has one. */
    public Logged(JobId job, long index, boolean conflicting) {
      this(job, index, conflicting, Receipt.Kind.RESULT);
    }
  }

  /** The books have forgotten these holds, or why they have not. */
  record Acknowledged(List<Long> numbers, @Nullable Problem problem) implements JobMessage {}

  /** The books remember no hold of this partition up to that number. */
  record AcknowledgedThrough(long number) implements JobMessage {}

  /** Wakes a partition after a start; it answers once it has taken up its live jobs. */
  record Wake(ActorRef<Awake> replyTo) implements JobMessage {}

  /** The partition is up. */
  enum Awake implements MemberMessage {
    INSTANCE
  }

  /** Looks after deadlines and unanswered requests. */
  enum Tick implements JobMessage {
    INSTANCE
  }
}
