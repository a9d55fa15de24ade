package xyz.openledger.verification;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.verification.credibility.Credibility;

/**
 * Decides by who says so, not by how many: a result stands once the machines behind it are credible
 * enough ({@link Credibility}), be it one that has proven itself or several strangers.
 *
 * <pre>
 *   lease one ─▶ committed ─▶ credible enough, not audited ─▶ reveal ─▶ accepted
 *                    │
 *                    └▶ lease as many strangers as it takes if they agree ─▶ all committed ─▶ reveal ─▶ …
 * </pre>
 *
 * <p>What a machine commits to is not known before others have committed too, so nobody can copy;
 * and since an audit cannot be told from an ordinary task, nobody knows when a lie goes unseen.
 */
public final class Adaptive {
  /** The share of machines assumed to lie, together and alike, unless it is said otherwise. */
  public static final double SABOTEURS = 0.2;

  private static final double MILLION = 1_000_000;

  private final double credible;
  private final int replicasMax;
  private final List<Replica> replicas;
  private final Votes votes;

  private Adaptive(double credible, double saboteurs, int replicasMax, List<Replica> replicas) {
    this.credible = credible;
    this.replicasMax = replicasMax;
    this.replicas = replicas;
    this.votes = Votes.of(replicas, saboteurs);
  }

  /**
   * What is to be done next.
   *
   * @param errorMaxPartsPerMillion how often a result may be wrong, of a million; at least 1
   * @param saboteurs the share of machines that may lie: if more do, the bound does not hold
   * @param replicas all of the task so far, in the order of their numbers
   */
  public static Verdict decide(
      int errorMaxPartsPerMillion, double saboteurs, int replicasMax, List<Replica> replicas) {
    double credible = 1 - errorMaxPartsPerMillion / MILLION;
    return new Adaptive(credible, saboteurs, replicasMax, replicas).decide();
  }

  /** How far a task's result can be trusted, once it is accepted: the bound on its error. */
  public static int errorPartsPerMillion(List<Replica> replicas, double saboteurs) {
    Votes votes = Votes.of(replicas, saboteurs);
    double error = 1 - Credibility.ofGroup(votes.leadingWeight(), votes.weights());
    return (int) Math.ceil(error * MILLION);
  }

  private Verdict decide() {
    Outcome leading = votes.leading();
    if (leading != null && stands(votes.leadingWeight(), votes.leadingOwners())) {
      return Quorum.accepted(leading, replicas);
    }
    int missing = missing();
    long live = replicas.stream().filter(Replica::live).count();
    long unused = replicasMax - live;
    long room = Math.min(unused, replicasMax + (long) Quorum.LOST_MAX - replicas.size());
    if (missing > room) {
      return new Verdict.NoAgreement(missing > unused ? Problem.NO_AGREEMENT : Problem.NODE_LOST);
    }
    boolean revealed = leading != null;
    return missing > 0 && !Quorum.revealsFirst(replicas, revealed)
        ? Quorum.lease(missing, replicas)
        : Quorum.reveal(replicas, revealed);
  }

  /** Whether a group of that weight, of so many owners, is enough. */
  private boolean stands(double weight, int owners) {
    return owners >= (audited() ? 2 : 1)
        && Credibility.ofGroup(weight, votes.weightsWithLeading(weight)) >= credible;
  }

  private boolean audited() {
    return replicas.stream().anyMatch(replica -> replica.live() && replica.standing().audited());
  }

  /** How many strangers it takes if all who are at work, and they, agree with the leading group. */
  private int missing() {
    double weight = votes.leading() == null ? 1 : votes.leadingWeight();
    int owners = votes.leadingOwners();
    Set<Address> heard = new HashSet<>(votes.owners());
    for (Replica replica : replicas) {
      if (replica.pending() && heard.add(replica.owner())) {
        weight *= votes.odds(replica.standing().confirmed());
        owners++;
      }
    }
    if (heard.isEmpty()) {
      return 1;
    }
    double stranger = votes.odds(0);
    int missing = 0;
    while (!stands(weight, owners) && missing <= replicasMax) {
      weight *= stranger;
      owners++;
      missing++;
    }
    return missing;
  }
}
