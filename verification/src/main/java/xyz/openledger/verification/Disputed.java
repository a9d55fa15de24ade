package xyz.openledger.verification;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.Replica.State;

/**
 * Decides as a quorum does while all who answered agree; where they do not, by what the disputes
 * between them came to. One proven outcome is enough, and everything else is then wrong; a refuted
 * one has no say, and further owners are asked. What cannot be checked but by running it again is
 * decided by a {@link Committee}.
 */
final class Disputed {
  private Disputed() {}

  /**
   * What is to be done next.
   *
   * @param replicas all of the task so far, in the order of their numbers
   */
  static Verdict decide(Policy.Parameters parameters, List<Replica> replicas, Checked checked) {
    if (checked.equals(Checked.NOTHING) && Committee.isCalled(parameters, replicas)) {
      return Committee.decide(parameters, replicas);
    }
    Map<Outcome, Set<Address>> votes = new LinkedHashMap<>();
    Set<ReplicaId> refuted = new LinkedHashSet<>();
    Set<Address> heard = new HashSet<>();
    int live = 0;
    Outcome proven = null;
    for (Replica replica : replicas) {
      live += replica.live() ? 1 : 0;
      Outcome said = replica.outcome();
      if (replica.state() != State.REVEALED || said == null) {
        continue;
      }
      if (checked.proven().contains(replica.id())) {
        proven = said;
      }
      if (checked.refuted().contains(replica.id())) {
        refuted.add(replica.id());
      } else if (heard.add(replica.owner())) {
        votes.computeIfAbsent(said, _ -> new HashSet<>()).add(replica.owner());
      }
    }
    if (proven != null) {
      return Quorum.accepted(proven, replicas);
    }
    Outcome leading = leading(votes);
    int most = leading == null ? 0 : votes.getOrDefault(leading, Set.of()).size();
    if (leading != null && most >= parameters.agreement()) {
      return Quorum.accepted(leading, replicas);
    }
    int pending = (int) replicas.stream().filter(Replica::pending).count();
    int missing = parameters.agreement() - most - pending;
    int unused = parameters.replicasMax() - live;
    int room = Math.min(unused, parameters.replicasMax() + Quorum.LOST_MAX - replicas.size());
    if (missing > room) {
      return new Verdict.NoAgreement(
          missing > unused ? Problem.NO_AGREEMENT : Problem.NODE_LOST, refuted);
    }
    boolean revealed = most > 0 || !refuted.isEmpty();
    return missing > 0 && !Quorum.revealsFirst(replicas, revealed)
        ? Quorum.lease(missing, replicas)
        : Quorum.reveal(replicas, revealed);
  }

  private static @Nullable Outcome leading(Map<Outcome, Set<Address>> votes) {
    Outcome leading = null;
    int most = 0;
    for (var group : votes.entrySet()) {
      if (group.getValue().size() > most) {
        leading = group.getKey();
        most = group.getValue().size();
      }
    }
    return leading;
  }
}
