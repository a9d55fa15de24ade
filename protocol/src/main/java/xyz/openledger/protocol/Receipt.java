package xyz.openledger.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.json.DecimalText;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * What is known of one finished job: what was asked, who ran it, what came out, how it was trusted,
 * who is paid. The readable half of a receipt; {@link ReceiptLeaf} is the half that is anchored.
 *
 * @param version of this format: 4; 3 for those in whose leaf statements are evidence also where
 *     honest nodes may differ; 2 for those that need not say how they divide what is charged; 1 for
 *     those in whose leaf rejected statements count as evidence too
 * @param revision 0, then one more for each later finding about the same job and kind
 * @param spec {@link JobSpec#digest()}
 * @param governanceEpoch under which it was decided; 0 before there was one
 * @param ruleHash of the rules in force; zeros before there were any
 * @param problem why there is no result, or absent
 * @param dataClass how sensitive the input was that each replica was shown, and by whose rules it
 *     was placed; absent where anybody might see it
 * @param division who gets which part of what is charged; absent if nothing is, and before version
 *     {@value #DIVIDED}
 */
public record Receipt(
    int version,
    Kind kind,
    JobId job,
    int revision,
    TenantId tenant,
    Digest spec,
    long governanceEpoch,
    Digest ruleHash,
    Policy.Verification verification,
    @Nullable Problem problem,
    List<TaskReceipt> tasks,
    @DecimalText long chargedNanoOpen,
    long submittedAtMillis,
    long finishedAtMillis,
    @Nullable DataClass dataClass,
    @Nullable Division division) {
  /** The format that this class writes. */
  public static final int VERSION = 4;

  /**
   * From this version on, statements are evidence in the leaf only where outcomes were compared or
   * checked bit by bit.
   */
  public static final int EXACT_EVIDENCE = 4;

  /** From this version on, what is charged is divided in the receipt. */
  public static final int DIVIDED = 3;

  /** From this version on, accepted statements alone are evidence in the leaf. */
  public static final int ACCEPTED_EVIDENCE = 2;

  /** The rule hash while nothing is governed. */
  public static final Digest NO_RULES = new Digest(0, 0, 0, 0);

  /** Refuses what a later program wrote: what it says of it would be wrong. */
  public Receipt {
    if (version > VERSION) {
      throw Check.refusal(
          "version",
          "this receipt is newer than this program: it is of version %d, and %d is the last that"
                  .formatted(version, VERSION)
              + " this program reads; take a newer one");
    }
  }

  /** A receipt of a job whose input anybody might see, and of which the nodes' owners get all. */
  public Receipt(
      int version,
      Kind kind,
      JobId job,
      int revision,
      TenantId tenant,
      Digest spec,
      long governanceEpoch,
      Digest ruleHash,
      Policy.Verification verification,
      @Nullable Problem problem,
      List<TaskReceipt> tasks,
      long chargedNanoOpen,
      long submittedAtMillis,
      long finishedAtMillis) {
    this(
        version,
        kind,
        job,
        revision,
        tenant,
        spec,
        governanceEpoch,
        ruleHash,
        verification,
        problem,
        tasks,
        chargedNanoOpen,
        submittedAtMillis,
        finishedAtMillis,
        null,
        version < DIVIDED || chargedNanoOpen == 0
            ? null
            : Division.of(FeeSplit.NONE, chargedNanoOpen, Division.prices(tasks), null));
  }

  /** What a receipt is about. */
  public enum Kind {
    /** What came of a job. */
    @JsonProperty("result")
    RESULT(0),
    /** A later finding about how it was verified. */
    @JsonProperty("verification")
    VERIFICATION(1),
    /** Whose data shaped it. */
    @JsonProperty("attribution")
    ATTRIBUTION(2),
    /** What an earlier receipt got wrong. */
    @JsonProperty("correction")
    CORRECTION(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The number that stands in the leaf. */
    public int code() {
      return code;
    }
  }

  /**
   * One task.
   *
   * @param task the {@link TaskIdentity}
   * @param outcome the accepted one, or absent
   * @param agreement how it earned its trust, by who agreed; absent if nothing was accepted
   */
  public record TaskReceipt(
      int index,
      Digest task,
      @Nullable Outcome outcome,
      List<ReplicaReceipt> replicas,
      @Nullable AgreementEvidence agreement) {

    /** A task without word on why its outcome is trusted. */
    public TaskReceipt(
        int index, Digest task, @Nullable Outcome outcome, List<ReplicaReceipt> replicas) {
      this(index, task, outcome, replicas, null);
    }
  }

  /**
   * One execution.
   *
   * @param outcome what this node said; absent if it was lost
   * @param statement its signed word for it; absent if it was lost
   * @param region declared by the contributor
   * @param carbonGramsPerKwh declared by the contributor
   * @param check what a check of its products found; absent if there was none
   * @param preempted that it had to make room, and for how much it is paid; absent if it did not
   * @param resumed from where it went on, and is paid for what it burnt from there; absent if it
   *     began at the beginning
   */
  public record ReplicaReceipt(
      ReplicaId replica,
      NodeId node,
      Address owner,
      PoolId pool,
      long fence,
      Standing standing,
      @Nullable Outcome outcome,
      @Nullable SignedStatement statement,
      @DecimalText long priceNanoOpenPerGigafuel,
      @DecimalText long paidNanoOpen,
      String region,
      int carbonGramsPerKwh,
      @Nullable ProductCheck check,
      @Nullable Preempted preempted,
      @Nullable Resumed resumed) {
    /** A replica that nobody preempted. */
    public ReplicaReceipt(
        ReplicaId replica,
        NodeId node,
        Address owner,
        PoolId pool,
        long fence,
        Standing standing,
        @Nullable Outcome outcome,
        @Nullable SignedStatement statement,
        long priceNanoOpenPerGigafuel,
        long paidNanoOpen,
        String region,
        int carbonGramsPerKwh,
        @Nullable ProductCheck check) {
      this(
          replica,
          node,
          owner,
          pool,
          fence,
          standing,
          outcome,
          statement,
          priceNanoOpenPerGigafuel,
          paidNanoOpen,
          region,
          carbonGramsPerKwh,
          check,
          null,
          null);
    }

    /** A replica whose products nobody checked. */
    public ReplicaReceipt(
        ReplicaId replica,
        NodeId node,
        Address owner,
        PoolId pool,
        long fence,
        Standing standing,
        @Nullable Outcome outcome,
        @Nullable SignedStatement statement,
        long priceNanoOpenPerGigafuel,
        long paidNanoOpen,
        String region,
        int carbonGramsPerKwh) {
      this(
          replica,
          node,
          owner,
          pool,
          fence,
          standing,
          outcome,
          statement,
          priceNanoOpenPerGigafuel,
          paidNanoOpen,
          region,
          carbonGramsPerKwh,
          null);
    }
  }

  /**
   * What a check of integer products found. Its coins are public, so whoever has the network, the
   * input and the output finds the same: {@code openledger receipt recheck}.
   *
   * @param holds whether the outcome is right
   * @param products how many products, or proofs about a private model, were checked
   * @param errorLog2 the claimed bound on the chance that a wrong outcome passes, as a power of two
   * @param detail what is wrong; empty if nothing is
   * @param dispute with whom it was disputed; absent if it was checked by itself
   * @param proofBytes of the proofs that its products came with; absent if they had none
   * @param evidence the proof itself, as JSON, where whoever has the receipt can check it; absent
   *     if it needs more than the receipt
   */
  public record ProductCheck(
      boolean holds,
      int products,
      int errorLog2,
      String detail,
      @Nullable DisputePlayed dispute,
      @Nullable Integer proofBytes,
      @Nullable String evidence) {
    /** A check whose evidence is elsewhere. */
    public ProductCheck(
        boolean holds,
        int products,
        int errorLog2,
        String detail,
        @Nullable DisputePlayed dispute,
        @Nullable Integer proofBytes) {
      this(holds, products, errorLog2, detail, dispute, proofBytes, null);
    }

    /** A check of an outcome by itself, without proofs. */
    public ProductCheck(boolean holds, int products, int errorLog2, String detail) {
      this(holds, products, errorLog2, detail, null, null);
    }
  }

  /**
   * A dispute with another outcome of the same task, as the member that refereed it saw it.
   *
   * @param rival the replica with the other outcome
   * @param rivalHolds whether that one is right
   * @param rounds that were played; 0 if one side contradicted itself before
   * @param roundsMax the most that a dispute about this network can take
   */
  public record DisputePlayed(ReplicaId rival, boolean rivalHolds, int rounds, int roundsMax) {}

  /**
   * A replica that was stopped after notice, for more urgent work. Its node is paid for the time.
   *
   * @param fuelUsed what its node is paid for. If the result rests on the state that it saved, what
   *     the steps until there burn; else what it burns at its measured speed from the lease to the
   *     end of the notice, reckoned, not measured. No more than the limit
   * @param reason for whom, in words
   * @param saved how far it said that it came; absent if it saved nothing
   */
  public record Preempted(@DecimalText long fuelUsed, String reason, @Nullable SavedState saved) {
    /** A replica that saved nothing. */
    public Preempted(long fuelUsed, String reason) {
      this(fuelUsed, reason, null);
    }
  }

  /**
   * That a replica went on from where another one had come.
   *
   * @param from which one
   */
  public record Resumed(ReplicaId from, SavedState saved) {}

  /** How a replica ended. */
  public enum Standing {
    /** Agreed with the result, and is paid. */
    @JsonProperty("accepted")
    ACCEPTED,
    /** Dissented, and is not. */
    @JsonProperty("rejected")
    REJECTED,
    /** Its node went away or could not run it. */
    @JsonProperty("lost")
    LOST,
    /** Was no longer needed. */
    @JsonProperty("released")
    RELEASED
  }

  /**
   * A node's signature over a batch, and the way from one statement to it.
   *
   * @param signature 65 bytes, hex
   */
  public record SignedStatement(
      Digest root, int count, int index, List<Digest> proof, String signature) {}

  /**
   * Whether the leaf commits to what a replica signed: by it a court convicts who signed another
   * outcome of the task. So only what was accepted is, and only where no honest node says
   * otherwise.
   */
  public boolean isEvidence(ReplicaReceipt replica) {
    return replica.outcome() != null
        && replica.statement() != null
        && (version < ACCEPTED_EVIDENCE || replica.standing() == Standing.ACCEPTED)
        && (version < EXACT_EVIDENCE || verification.comparesBits());
  }

  /** The bytes that {@link ReceiptLeaf#document()} is the digest of. */
  public byte[] canonical() {
    return Json.canonical(this);
  }

  /** The leaf that stands for this receipt in the log. */
  public ReceiptLeaf leaf() {
    return leaf(Digest.of(canonical()));
  }

  /**
   * The same for whoever has the canonical bytes at hand: they cost more than the rest of the leaf.
   *
   * @param document the digest of {@link #canonical}
   */
  public ReceiptLeaf leaf(Digest document) {
    var nodes = new TreeSet<String>();
    var outcomes = Domain.of("result");
    var statements = new ArrayList<Digest>();
    for (TaskReceipt task : tasks) {
      Outcome outcome = task.outcome();
      outcomes.digest(outcome == null ? NO_RULES : outcome.digest());
      for (ReplicaReceipt replica : task.replicas()) {
        if (replica.standing() == Standing.ACCEPTED) {
          nodes.add(replica.node().value());
        }
        Outcome said = replica.outcome();
        if (said != null && isEvidence(replica)) {
          statements.add(
              new ResultStatement(replica.replica(), task.task(), said.digest(), replica.fence())
                  .leafHash());
        }
      }
    }
    return new ReceiptLeaf(
        version,
        kind,
        job,
        revision,
        Domain.of("node-set").texts(List.copyOf(nodes)).digest(),
        outcomes.digest(),
        MerkleTree.root(statements),
        ruleHash,
        document);
  }
}
