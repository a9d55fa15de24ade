package xyz.openledger.actors.job;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.TenantId;

/** What happened to a job. Times are the member's wall clock, in milliseconds since 1970. */
public sealed interface JobEvent {

  /** Which job. */
  JobId job();

  /**
   * A valid request was written down.
   *
   * @param code digest of the gated module
   * @param holdNumber the how-manieth hold of this partition its escrow is
   * @param governanceEpoch the rules under which everything about this job is decided
   * @param governed what they say of it; absent if that is nothing
   * @param modelOwner who gets the model's part of its price; absent if whom governance names
   * @param licences that the models which it uses were under; absent if it uses none
   */
  record Submitted(
      JobId job,
      TenantId tenant,
      JobSpec spec,
      Digest code,
      long holdNumber,
      long governanceEpoch,
      Digest ruleHash,
      long atMillis,
      @Nullable Governed governed,
      @Nullable Address modelOwner,
      @Nullable List<String> licences)
      implements JobEvent {

    /** A request of which governance says nothing. */
    public Submitted(
        JobId job,
        TenantId tenant,
        JobSpec spec,
        Digest code,
        long holdNumber,
        long governanceEpoch,
        Digest ruleHash,
        long atMillis) {
      this(
          job,
          tenant,
          spec,
          code,
          holdNumber,
          governanceEpoch,
          ruleHash,
          atMillis,
          null,
          null,
          null);
    }

    Governed says() {
      return governed == null ? Governed.FREELY : governed;
    }
  }

  /**
   * Nodes were leased for replicas of one task.
   *
   * @param explanation why in this pool and why on these nodes, so that "why there?" has an answer
   *     later; a sentence each
   */
  record Placed(JobId job, List<Grant> grants, List<String> explanation, long atMillis)
      implements JobEvent {}

  /**
   * A replica takes so long that another one is wanted beside it.
   *
   * @param detail how long, and how long is usual; a sentence
   */
  record Hedged(JobId job, ReplicaId straggler, String detail, long atMillis) implements JobEvent {}

  /**
   * A replica has to make room, and was given notice.
   *
   * @param noticeMillis how long it may run on
   * @param fuelPerSecond its node's measured speed, by which it is paid for the time
   * @param detail for whom; a sentence
   */
  record Noticed(
      JobId job,
      ReplicaId replica,
      long noticeMillis,
      long fuelPerSecond,
      String detail,
      long atMillis)
      implements JobEvent {}

  /**
   * A replica's notice is over and it was stopped.
   *
   * @param fuelUsed what its node burns in the time, by its measured speed
   * @param saved how far it says that it came; absent if it saved nothing
   */
  record Preempted(
      JobId job, ReplicaId replica, long fuelUsed, long atMillis, @Nullable SavedState saved)
      implements JobEvent {
    /** A replica that saved nothing. */
    public Preempted(JobId job, ReplicaId replica, long fuelUsed, long atMillis) {
      this(job, replica, fuelUsed, atMillis, null);
    }
  }

  /**
   * What a node said of the very same task in an earlier job counts here as the first word, and is
   * paid there.
   */
  record Claimed(JobId job, Grant grant, Reveal reveal, long atMillis) implements JobEvent {}

  /** Nodes bound themselves to outcomes that nobody has seen. */
  record Committed(JobId job, List<Commit> commits, long atMillis) implements JobEvent {}

  /** Nodes showed their outcomes, signed. */
  record Revealed(JobId job, List<Reveal> reveals, long atMillis) implements JobEvent {}

  /**
   * The first answer was given, and is verified from here on.
   *
   * @param receipt of it, as it stands in the log before the one that says how it was verified
   */
  record Answered(JobId job, Receipt receipt, long atMillis) implements JobEvent {}

  /** Nodes went away or could not run their lease. */
  record Lost(JobId job, List<Loss> losses, long atMillis) implements JobEvent {}

  /**
   * The job is decided; what follows is bookkeeping.
   *
   * @param problem why there is no result, or absent
   * @param receipt absent if nothing ever ran
   */
  record Finished(
      JobId job,
      End end,
      @Nullable Problem problem,
      String detail,
      @Nullable Receipt receipt,
      long atMillis)
      implements JobEvent {}

  /**
   * Its money has moved and its receipt is in the log.
   *
   * @param logIndex the receipt's leaf, or -1 if it has none
   */
  record Settled(JobId job, long logIndex, long atMillis) implements JobEvent {}

  /** How a job ends. */
  enum End {
    SETTLED,
    REFUSED,
    FAILED,
    CANCELLED,
    EXPIRED;

    /** In lower case, as people and programs read it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One commitment. */
  record Commit(ReplicaId replica, Digest commitment) {}

  /**
   * One outcome.
   *
   * @param output up to 16 KiB of it, kept with the first replica that brought it; a longer one
   *     lies in the blob store
   * @param check what a check of its products found; absent if the policy asks for none
   */
  record Reveal(
      ReplicaId replica,
      Outcome outcome,
      Receipt.SignedStatement statement,
      byte @Nullable [] output,
      Receipt.@Nullable ProductCheck check) {
    /** An outcome whose products nobody checked. */
    public Reveal(
        ReplicaId replica,
        Outcome outcome,
        Receipt.SignedStatement statement,
        byte @Nullable [] output) {
      this(replica, outcome, statement, output, null);
    }
  }

  /** One replica that will bring nothing. */
  record Loss(ReplicaId replica, Problem problem, String detail) {}
}
