package xyz.openledger.verification;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.Replica.State;

/**
 * Decides what the replicas of one task add up to. {@code trusted} is the quorum of one.
 *
 * <pre>
 *   lease agreement replicas ─▶ all committed ─▶ reveal all ─▶ agreement equal ─▶ accepted
 *                                                    │
 *                                                    └▶ lease the missing, reveal each ─▶ …
 * </pre>
 *
 * <p>An owner has one say, however many nodes: the first it revealed. A lost replica is replaced;
 * it does not use up {@code replicasMax}, but no more than {@link #LOST_MAX} are replaced.
 */
public final class Quorum {
  /** How many lost or released replicas of one task are replaced. */
  public static final int LOST_MAX = 8;

  private Quorum() {}

  /**
   * What is to be done next.
   *
   * @param replicas all of the task so far, in the order of their numbers
   */
  public static Verdict decide(Policy.Verification verification, List<Replica> replicas) {
    var tally = Tally.of(replicas);
    Outcome leading = tally.leading();
    Policy.Parameters parameters = verification.parameters();
    int agreement = parameters.agreement();
    if (leading != null && !tally.tied() && tally.most() >= agreement) {
      return accepted(leading, replicas);
    }
    // A tie of two large enough groups is no agreement; one more say decides it.
    int needed = tally.tied() ? Math.max(agreement, tally.most() + 1) : agreement;
    int missing = needed - tally.most() - tally.pending();
    int unused = parameters.replicasMax() - tally.live();
    int room = Math.min(unused, parameters.replicasMax() + LOST_MAX - replicas.size());
    if (missing > room) {
      return new Verdict.NoAgreement(missing > unused ? Problem.NO_AGREEMENT : Problem.NODE_LOST);
    }
    return missing > 0 && !revealsFirst(replicas, tally.most() > 0)
        ? lease(missing, replicas)
        : reveal(replicas, tally.most() > 0);
  }

  /** Once a round has been revealed, a further commitment has nothing left to wait for. */
  static boolean revealsFirst(List<Replica> replicas, boolean revealed) {
    return revealed && replicas.stream().anyMatch(r -> r.state() == State.COMMITTED);
  }

  static Verdict reveal(List<Replica> replicas, boolean revealed) {
    var committed = replicas.stream().filter(r -> r.state() == State.COMMITTED).toList();
    boolean running = replicas.stream().anyMatch(r -> r.state() == State.LEASED);
    return committed.isEmpty() || (running && !revealed)
        ? new Verdict.Wait()
        : new Verdict.Reveal(committed.stream().map(Replica::id).toList());
  }

  static Verdict lease(int missing, List<Replica> replicas) {
    return lease(missing, missing, replicas);
  }

  static Verdict lease(int count, int missing, List<Replica> replicas) {
    Set<Address> owners = new LinkedHashSet<>();
    Set<NodeId> lostOnce = new HashSet<>();
    Set<NodeId> nodes = new LinkedHashSet<>();
    for (Replica replica : replicas) {
      if (replica.live()) {
        owners.add(replica.owner());
        // A node that lost the task once may have restarted; one that lost it twice is not asked.
      } else if (replica.state() == State.LOST && !lostOnce.add(replica.node())) {
        nodes.add(replica.node());
      }
    }
    return new Verdict.Lease(
        count, missing, Collections.unmodifiableSet(owners), Collections.unmodifiableSet(nodes));
  }

  static Verdict accepted(Outcome outcome, List<Replica> replicas) {
    Set<ReplicaId> agreeing = new LinkedHashSet<>();
    Set<ReplicaId> dissenting = new LinkedHashSet<>();
    for (Replica replica : replicas) {
      if (replica.state() == State.REVEALED) {
        (outcome.equals(replica.outcome()) ? agreeing : dissenting).add(replica.id());
      }
    }
    return new Verdict.Accepted(
        outcome, Collections.unmodifiableSet(agreeing), Collections.unmodifiableSet(dissenting));
  }
}
