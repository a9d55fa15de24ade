package xyz.openledger.verification;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.verification.credibility.Credibility;

/**
 * Decides by who says so, not by how many: a result stands once the machines behind it are credible
 * enough ({@link Credibility}), be it one that has proven itself or several strangers.
 *
 * <pre>
 *   lease one ─▶ committed ─▶ credible enough, not audited ─▶ reveal ─▶ accepted
 *                    │
 *                    └▶ lease one more, or half as many as there are, until they would do if they agree
 *                                                              ─▶ all committed ─▶ reveal ─▶ …
 * </pre>
 *
 * <p>Who comes is not known before it has a lease: where a stranger was doubted, one that has
 * proven itself is mostly enough, and to lease as many strangers as it could take would run the
 * task at all of them. Leases are asked for while those before are at work, so this waits for pools
 * alone.
 *
 * <p>What a machine commits to is not known before others have committed too, so nobody can copy;
 * and since an audit cannot be told from an ordinary task, nobody knows when a lie goes unseen.
 */
public final class Adaptive {
  /** The share of machines assumed to lie, together and alike, unless it is said otherwise. */
  public static final double SABOTEURS = 0.2;

  /** The same, of a million machines. */
  public static final int SABOTEURS_PARTS_PER_MILLION = (int) (SABOTEURS * 1_000_000);

  private final int errorMaxPartsPerMillion;
  private final int ownersMin;
  private final int replicasMax;
  private final List<Replica> replicas;
  private final Votes votes;

  private Adaptive(
      int errorMaxPartsPerMillion,
      double saboteurs,
      int ownersMin,
      int replicasMax,
      List<Replica> replicas) {
    this.errorMaxPartsPerMillion = errorMaxPartsPerMillion;
    this.ownersMin = ownersMin;
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
    return new Adaptive(errorMaxPartsPerMillion, saboteurs, 1, replicasMax, replicas).decide();
  }

  /** What is to be done next under a policy of that method. */
  public static Verdict decide(Policy.Verification policy, List<Replica> replicas) {
    Integer errorMax = policy.errorMaxPartsPerMillion();
    if (errorMax == null) {
      throw new IllegalArgumentException("not adaptive: " + policy);
    }
    return new Adaptive(
            errorMax,
            SABOTEURS,
            policy.parameters().agreement(),
            policy.parameters().replicasMax(),
            replicas)
        .decide();
  }

  /**
   * Whether a node that has shown so much may be believed alone, an audit aside. It then shows its
   * result at once, since there is nobody to wait for; and so does a node that is audited, which
   * cannot tell.
   */
  public static boolean mayStandAlone(Policy.Verification policy, long confirmed) {
    Integer errorMax = policy.errorMaxPartsPerMillion();
    return errorMax != null
        && policy.parameters().agreement() == 1
        && new Adaptive(errorMax, SABOTEURS, 1, 1, List.of()).suffices(confirmed);
  }

  /** How far a task's result can be trusted, once it is accepted: the bound on its error. */
  public static int errorPartsPerMillion(List<Replica> replicas, double saboteurs) {
    Votes votes = Votes.of(replicas, saboteurs);
    return Credibility.errorPartsPerMillion(
        Credibility.ofGroup(votes.leadingWeight(), votes.weights()));
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
        ? Quorum.lease((int) Math.min(missing, Math.max(1, live / 2)), missing, replicas)
        : Quorum.reveal(replicas, revealed);
  }

  /** Whether a group of that weight, of so many owners, is enough. */
  private boolean stands(double weight, int owners) {
    return owners >= ownersNeeded()
        && Credibility.errorPartsPerMillion(
                Credibility.ofGroup(weight, votes.weightsWithLeading(weight)))
            <= errorMaxPartsPerMillion;
  }

  private boolean suffices(long confirmed) {
    return stands(votes.odds(confirmed), 1);
  }

  /** An audit asks one owner more than would do: a ring may hold as many as would do. */
  private int ownersNeeded() {
    return audited() ? Math.max(2, Math.min(ownersMin + 1, replicasMax)) : ownersMin;
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
