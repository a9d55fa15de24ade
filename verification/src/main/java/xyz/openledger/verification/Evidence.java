package xyz.openledger.verification;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.AgreementEvidence;
import xyz.openledger.protocol.AgreementEvidence.Witness;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.Receipt.ReplicaReceipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.credibility.ContributionWeight;
import xyz.openledger.verification.credibility.Credibility;

/**
 * The bound that an agreement supports, from the numbers in its evidence, and whether a receipt's
 * evidence bears out what it claims. That a node had really shown so much is in earlier receipts of
 * the log; here it is taken as stated.
 */
public final class Evidence {
  private static final double MILLION = 1_000_000;

  private Evidence() {}

  /**
   * The bound on the error, in millionths, rounded up: what {@link Credibility} gives for the group
   * that agrees among all that answered, each owner heard once.
   *
   * @param replicas the task's replicas, for whose witness is whose
   */
  public static int errorPartsPerMillion(
      int saboteursPartsPerMillion, List<Witness> witnesses, List<ReplicaReceipt> replicas) {
    Map<ReplicaId, ReplicaReceipt> byId = byId(replicas);
    Set<Address> heard = new HashSet<>();
    List<Double> agreeing = new ArrayList<>();
    Map<Object, List<Double>> others = new java.util.LinkedHashMap<>();
    for (Witness witness : witnesses) {
      ReplicaReceipt replica = byId.get(witness.replica());
      if (replica == null || !heard.add(replica.owner())) {
        continue;
      }
      double credibility =
          Credibility.ofMachine(saboteursPartsPerMillion / MILLION, witness.confirmed());
      if (witness.agrees()) {
        agreeing.add(credibility);
      } else {
        others
            .computeIfAbsent(Optional.ofNullable(replica.outcome()), _ -> new ArrayList<>())
            .add(credibility);
      }
    }
    List<Double> weights = new ArrayList<>();
    double weight = Credibility.weight(agreeing);
    weights.add(weight);
    others.values().forEach(group -> weights.add(Credibility.weight(group)));
    return Credibility.errorPartsPerMillion(Credibility.ofGroup(weight, weights));
  }

  /**
   * What a receipt would have to hold and does not: without it, what it says of an outcome is the
   * word of whoever wrote it. Empty if nothing is missing.
   */
  public static List<String> gaps(Receipt receipt) {
    var gaps = new ArrayList<String>();
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      String gap = gap(receipt, task);
      if (gap != null) {
        gaps.add("task %d: %s".formatted(task.index(), gap));
      }
    }
    return gaps;
  }

  private static @Nullable String gap(Receipt receipt, Receipt.TaskReceipt task) {
    boolean checked = false;
    boolean accepted = false;
    for (ReplicaReceipt replica : task.replicas()) {
      checked |= replica.check() != null;
      if (replica.standing() == Receipt.Standing.ACCEPTED) {
        accepted = true;
        if (replica.statement() == null && !isGivenFirst(receipt, replica)) {
          return replica.replica() + " was accepted, and its node signed nothing";
        }
      }
    }
    if (task.outcome() == null) {
      return null;
    }
    if (!accepted) {
      return "nobody came to what was accepted";
    }
    return task.agreement() == null && !checked && !givesFirst(receipt)
        ? "nothing says who agreed on what was accepted"
        : null;
  }

  /** How many tasks have an outcome that was given before anybody verified it. */
  public static long unverified(Receipt receipt) {
    return receipt.tasks().stream()
        .filter(task -> task.outcome() != null && task.agreement() == null)
        .filter(task -> task.replicas().stream().allMatch(it -> it.check() == null))
        .count();
  }

  /** By such a receipt nobody is paid, and what its node signed stands in the next one. */
  private static boolean isGivenFirst(Receipt receipt, ReplicaReceipt replica) {
    return givesFirst(receipt)
        && receipt.kind() == Receipt.Kind.RESULT
        && replica.paidNanoOpen() == 0;
  }

  private static boolean givesFirst(Receipt receipt) {
    return receipt.verification().givesFirstAnswer();
  }

  /** What is wrong with the evidence of a receipt; empty if it bears out what it claims. */
  public static List<String> faults(Receipt receipt) {
    var faults = new ArrayList<String>();
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      AgreementEvidence evidence = task.agreement();
      if (evidence != null) {
        String fault = fault(receipt.verification(), task, evidence);
        if (fault != null) {
          faults.add("task %d: %s".formatted(task.index(), fault));
        }
      }
    }
    return faults;
  }

  private static @Nullable String fault(
      Policy.Verification policy, Receipt.TaskReceipt task, AgreementEvidence evidence) {
    String fault = witnesses(task, evidence);
    if (fault != null) {
      return fault;
    }
    if (evidence.saboteursPartsPerMillion() < Adaptive.SABOTEURS_PARTS_PER_MILLION) {
      return "it assumes that %d of a million machines lie, members assume %d"
          .formatted(evidence.saboteursPartsPerMillion(), Adaptive.SABOTEURS_PARTS_PER_MILLION);
    }
    int error =
        errorPartsPerMillion(
            evidence.saboteursPartsPerMillion(), evidence.witnesses(), task.replicas());
    if (error != evidence.errorPartsPerMillion()) {
      return "it claims an error of %d millionths, its numbers come to %d"
          .formatted(evidence.errorPartsPerMillion(), error);
    }
    if (!spread(task).equals(evidence.spread())) {
      return "it claims another spread than " + spread(task);
    }
    boolean tolerant = policy.tolerance() != null;
    if (!evidence.equality().equals(equality(tolerant))) {
      return "the policy compares otherwise than " + evidence.equality();
    }
    return tooLittle(policy, task, evidence, error);
  }

  /** Every replica that answered is a witness, and agrees exactly if it was accepted. */
  private static @Nullable String witnesses(Receipt.TaskReceipt task, AgreementEvidence evidence) {
    Map<ReplicaId, ReplicaReceipt> byId = byId(task.replicas());
    Set<ReplicaId> seen = new HashSet<>();
    for (Witness witness : evidence.witnesses()) {
      ReplicaReceipt replica = byId.get(witness.replica());
      if (replica == null || replica.outcome() == null || !seen.add(witness.replica())) {
        return witness.replica() + " is no witness of this task";
      }
      if (witness.confirmed() < 0 || witness.contribution() < 0) {
        return witness.replica() + " had shown less than nothing";
      }
      boolean accepted = replica.standing() == Receipt.Standing.ACCEPTED;
      if (witness.agrees() != accepted) {
        return witness.replica() + (accepted ? " was accepted" : " was not accepted");
      }
      boolean exact = evidence.equality().equals(AgreementEvidence.EXACT);
      if (exact && accepted && !replica.outcome().equals(task.outcome())) {
        return witness.replica() + " came to another outcome than was accepted";
      }
    }
    for (ReplicaReceipt replica : task.replicas()) {
      boolean counts =
          replica.standing() == Receipt.Standing.ACCEPTED
              || replica.standing() == Receipt.Standing.REJECTED;
      if (counts && !seen.contains(replica.replica())) {
        return replica.replica() + " answered and is no witness";
      }
    }
    return null;
  }

  /** Whether what agrees is less than the policy asks for. */
  private static @Nullable String tooLittle(
      Policy.Verification policy,
      Receipt.TaskReceipt task,
      AgreementEvidence evidence,
      int errorPartsPerMillion) {
    Policy.Parameters parameters = policy.parameters();
    if (evidence.spread().owners() < parameters.agreement()) {
      return "%d owners agree, the policy asks for %d"
          .formatted(evidence.spread().owners(), parameters.agreement());
    }
    Integer errorMax = policy.errorMaxPartsPerMillion();
    if (errorMax != null && errorPartsPerMillion > errorMax) {
      return "an error of %d millionths is above the policy's %d"
          .formatted(errorPartsPerMillion, errorMax);
    }
    // Disputes over products decide by what they came to: ProductEvidence looks at those.
    boolean played =
        task.replicas().stream()
            .map(ReplicaReceipt::check)
            .anyMatch(check -> check != null && check.dispute() != null);
    if (policy.method() == Policy.Method.DISPUTE && !played && !decided(policy, task)) {
      return "its replicas do not come to what was accepted by the rule of disputes";
    }
    Integer trust = policy.trust();
    return trust != null && !consensus(trust, task, evidence)
        ? "the group that agrees does not weigh enough for a trust of " + trust
        : null;
  }

  /** Whether who answered, in that order, comes to what was accepted. */
  private static boolean decided(Policy.Verification policy, Receipt.TaskReceipt task) {
    List<Replica> replicas =
        task.replicas().stream().map(Evidence::replica).collect(Collectors.toList());
    return Verdicts.of(policy, replicas) instanceof Verdict.Accepted accepted
        && accepted.outcome().equals(task.outcome());
  }

  private static Replica replica(ReplicaReceipt said) {
    var leased = Replica.leased(said.replica(), said.node(), said.owner());
    Outcome outcome = said.outcome();
    return switch (said.standing()) {
      case ACCEPTED, REJECTED -> outcome == null ? leased : leased.revealed(outcome);
      case LOST -> leased.in(Replica.State.LOST);
      case RELEASED -> leased.in(Replica.State.RELEASED);
    };
  }

  private static boolean consensus(
      long trust, Receipt.TaskReceipt task, AgreementEvidence evidence) {
    Map<ReplicaId, ReplicaReceipt> byId = byId(task.replicas());
    List<Long> agreeing = new ArrayList<>();
    Map<Object, List<Long>> others = new HashMap<>();
    for (Witness witness : evidence.witnesses()) {
      if (witness.agrees()) {
        agreeing.add(witness.contribution());
      } else {
        ReplicaReceipt replica = byId.get(witness.replica());
        others
            .computeIfAbsent(
                Optional.ofNullable(replica == null ? null : replica.outcome()),
                _ -> new ArrayList<>())
            .add(witness.contribution());
      }
    }
    List<Long> all = new ArrayList<>();
    long group = ContributionWeight.ofGroup(agreeing);
    all.add(group);
    others.values().forEach(scores -> all.add(ContributionWeight.ofGroup(scores)));
    return ContributionWeight.consensus(group, all, trust);
  }

  /** Over whom and what the accepted replicas spread. */
  public static AgreementEvidence.Spread spread(Receipt.TaskReceipt task) {
    return spread(task.replicas());
  }

  /** Over whom and what the accepted ones of these replicas spread. */
  public static AgreementEvidence.Spread spread(List<ReplicaReceipt> replicas) {
    var accepted =
        replicas.stream()
            .filter(replica -> replica.standing() == Receipt.Standing.ACCEPTED)
            .toList();
    return new AgreementEvidence.Spread(
        (int) accepted.stream().map(ReplicaReceipt::owner).distinct().count(),
        (int) accepted.stream().map(ReplicaReceipt::pool).distinct().count(),
        (int) accepted.stream().map(ReplicaReceipt::region).distinct().count());
  }

  /** The word for how outcomes were compared. */
  public static String equality(boolean tolerant) {
    return tolerant ? AgreementEvidence.TOLERANT : AgreementEvidence.EXACT;
  }

  private static Map<ReplicaId, ReplicaReceipt> byId(List<ReplicaReceipt> replicas) {
    Map<ReplicaId, ReplicaReceipt> byId = new HashMap<>();
    replicas.forEach(replica -> byId.put(replica.replica(), replica));
    return byId;
  }
}
