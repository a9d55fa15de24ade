package xyz.openledger.verification;

import java.util.List;
import java.util.Set;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;

/** What the replicas of one task call for next. */
public sealed interface Verdict {

  /** Nothing to do until a replica gets further. */
  record Wait() implements Verdict {}

  /**
   * Further replicas are needed. This follows from the replicas alone: leases that were asked for
   * and not granted yet are part of {@code count}.
   *
   * @param count how many are to be leased now
   * @param missing how many it takes if nothing is known of any of them, at least {@code count}:
   *     who comes decides how many more are asked for
   * @param ownersExcluded who has a say already; each replica needs an owner of its own
   * @param nodesExcluded which have lost this task too often
   */
  record Lease(int count, int missing, Set<Address> ownersExcluded, Set<NodeId> nodesExcluded)
      implements Verdict {
    /** All that are missing, at once. */
    public Lease(int count, Set<Address> ownersExcluded, Set<NodeId> nodesExcluded) {
      this(count, count, ownersExcluded, nodesExcluded);
    }
  }

  /**
   * These have committed and may now be asked what to. It follows from the replicas alone: those
   * asked already and still silent are listed again.
   */
  record Reveal(List<ReplicaId> replicas) implements Verdict {}

  /** A verdict that stands. */
  sealed interface Final extends Verdict {}

  /**
   * Enough owners came to the same outcome, be it a result, a trap or an empty tank.
   *
   * @param agreeing in the order of the replicas
   * @param dissenting revealed something else, in the order of the replicas
   */
  record Accepted(Outcome outcome, Set<ReplicaId> agreeing, Set<ReplicaId> dissenting)
      implements Final {}

  /**
   * No outcome can find enough owners any more.
   *
   * @param problem {@code no-agreement} if the owners differ too much, {@code node-lost} if too
   *     many replicas were lost on the way
   * @param refuted those that a check found wrong all the same
   */
  record NoAgreement(Problem problem, Set<ReplicaId> refuted) implements Final {
    /** Keeps its own copy. */
    public NoAgreement {
      refuted = Set.copyOf(refuted);
    }

    /** Where nobody was found wrong. */
    public NoAgreement(Problem problem) {
      this(problem, Set.of());
    }
  }
}
