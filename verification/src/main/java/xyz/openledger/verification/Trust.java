package xyz.openledger.verification;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.verification.credibility.ContributionWeight;

/**
 * Decides by the weight rule of Proof of Contribution ({@link ContributionWeight}): a result stands
 * once its group outweighs all else so far that its confidence is above {@code 1 - 1/trust}. Leases
 * and reveals go as in {@link Adaptive}, hidden audits included: the rule itself would believe a
 * node with a long past alone, and so a sleeper for ever.
 */
public final class Trust {
  private final long trust;
  private final Policy.Parameters parameters;
  private final List<Replica> replicas;
  private final Map<Outcome, List<Long>> groups = new LinkedHashMap<>();
  private final Set<Address> owners = new HashSet<>();
  private @Nullable Outcome leading;

  private Trust(long trust, Policy.Parameters parameters, List<Replica> replicas) {
    this.trust = trust;
    this.parameters = parameters;
    this.replicas = replicas;
    for (Replica replica : replicas) {
      Outcome outcome = replica.outcome();
      if (outcome != null && owners.add(replica.owner())) {
        groups
            .computeIfAbsent(outcome, _ -> new ArrayList<>())
            .add(replica.standing().contribution());
      }
    }
    long most = 0;
    for (var group : groups.entrySet()) {
      long weight = ContributionWeight.ofGroup(group.getValue());
      if (weight > most) {
        most = weight;
        leading = group.getKey();
      }
    }
  }

  /**
   * What is to be done next.
   *
   * @param replicas all of the task so far, in the order of their numbers
   */
  public static Verdict decide(Policy.Verification policy, List<Replica> replicas) {
    Integer trust = policy.trust();
    if (trust == null) {
      throw new IllegalArgumentException("not by trust: " + policy);
    }
    return new Trust(trust, policy.parameters(), replicas).decide();
  }

  private Verdict decide() {
    List<Long> agreeing = leading == null ? List.of() : groups.getOrDefault(leading, List.of());
    if (leading != null && stands(agreeing)) {
      return Quorum.accepted(leading, replicas);
    }
    int missing = missing(new ArrayList<>(agreeing));
    long unused = parameters.replicasMax() - replicas.stream().filter(Replica::live).count();
    long room =
        Math.min(unused, parameters.replicasMax() + (long) Quorum.LOST_MAX - replicas.size());
    if (missing > room) {
      return new Verdict.NoAgreement(missing > unused ? Problem.NO_AGREEMENT : Problem.NODE_LOST);
    }
    boolean revealed = leading != null;
    return missing > 0 && !Quorum.revealsFirst(replicas, revealed)
        ? Quorum.lease(missing, replicas)
        : Quorum.reveal(replicas, revealed);
  }

  /** Whether a group of these scores would be enough. */
  private boolean stands(List<Long> scores) {
    long weight = ContributionWeight.ofGroup(scores);
    List<Long> all = new ArrayList<>();
    all.add(weight);
    groups.forEach(
        (outcome, members) -> {
          if (!outcome.equals(leading)) {
            all.add(ContributionWeight.ofGroup(members));
          }
        });
    return scores.size() >= ownersNeeded() && ContributionWeight.consensus(weight, all, trust);
  }

  /** As under {@link Adaptive}. */
  private int ownersNeeded() {
    int agreement = parameters.agreement();
    return audited() ? Math.max(2, Math.min(agreement + 1, parameters.replicasMax())) : agreement;
  }

  private boolean audited() {
    return replicas.stream().anyMatch(replica -> replica.live() && replica.standing().audited());
  }

  /** How many strangers it takes if all who are at work, and they, agree with the leading group. */
  private int missing(List<Long> scores) {
    Set<Address> heard = new HashSet<>(owners);
    for (Replica replica : replicas) {
      if (replica.pending() && heard.add(replica.owner())) {
        scores.add(replica.standing().contribution());
      }
    }
    if (heard.isEmpty()) {
      return Math.max(1, parameters.agreement());
    }
    int missing = 0;
    while (!stands(scores) && missing <= parameters.replicasMax()) {
      scores.add(0L);
      missing++;
    }
    return missing;
  }
}
