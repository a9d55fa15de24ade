package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.verification.Replica.State;

/** What must hold for every verdict on every set of replicas, told in other words than the rule. */
final class QuorumLaws {
  private final Policy.Parameters parameters;
  private final List<Replica> replicas;

  private QuorumLaws(Policy.Parameters parameters, List<Replica> replicas) {
    this.parameters = parameters;
    this.replicas = replicas;
  }

  static void check(Policy.Verification verification, List<Replica> replicas, Verdict verdict) {
    new QuorumLaws(verification.parameters(), replicas).check(verdict);
  }

  private void check(Verdict verdict) {
    switch (verdict) {
      case Verdict.Accepted accepted -> accepted(accepted);
      case Verdict.NoAgreement(var problem, _) -> noAgreement(problem);
      case Verdict.Lease lease -> lease(lease);
      case Verdict.Reveal(var asked) -> reveal(asked);
      case Verdict.Wait _ -> assertThat(in(State.LEASED)).as("somebody is working").isNotEmpty();
    }
  }

  private void accepted(Verdict.Accepted accepted) {
    int votes = votersOf(accepted.outcome()).size();
    assertThat(votes).as("owners who agree").isGreaterThanOrEqualTo(parameters.agreement());
    for (Replica replica : in(State.REVEALED)) {
      Outcome other = replica.outcome();
      if (other != null && !other.equals(accepted.outcome())) {
        assertThat(votersOf(other)).as("owners who say otherwise").hasSizeLessThan(votes);
      }
      assertThat(accepted.agreeing().contains(replica.id()))
          .isEqualTo(accepted.outcome().equals(other));
      assertThat(accepted.dissenting().contains(replica.id()))
          .isNotEqualTo(accepted.agreeing().contains(replica.id()));
    }
    assertThat(accepted.agreeing().size() + accepted.dissenting().size())
        .isEqualTo(in(State.REVEALED).size());
  }

  private void noAgreement(Problem problem) {
    int spare = parameters.replicasMax() - live().size();
    int leases = parameters.replicasMax() + Quorum.LOST_MAX - replicas.size();
    int best = Math.max(most() + silent().size(), 0);
    assertThat(best + Math.min(spare, leases)).as("votes still possible").isLessThan(needed());
    assertThat(problem)
        .isEqualTo(best + spare < needed() ? Problem.NO_AGREEMENT : Problem.NODE_LOST);
  }

  private void lease(Verdict.Lease lease) {
    assertThat(lease.count()).isPositive();
    assertThat(live().size() + lease.count()).isLessThanOrEqualTo(parameters.replicasMax());
    assertThat(replicas.size() + lease.count())
        .isLessThanOrEqualTo(parameters.replicasMax() + Quorum.LOST_MAX);
    assertThat(most() + silent().size() + lease.count())
        .as("no more than is missing")
        .isEqualTo(needed());
    assertThat(lease.ownersExcluded())
        .isEqualTo(live().stream().map(Replica::owner).collect(Collectors.toSet()));
  }

  private void reveal(List<ReplicaId> asked) {
    assertThat(asked)
        .isNotEmpty()
        .isEqualTo(in(State.COMMITTED).stream().map(Replica::id).toList());
    if (in(State.REVEALED).isEmpty()) {
      assertThat(in(State.LEASED)).as("still working in the first round").isEmpty();
      assertThat(silent()).hasSizeGreaterThanOrEqualTo(parameters.agreement());
    }
  }

  /** The owners whose first word is {@code outcome}. */
  private Set<Address> votersOf(Outcome outcome) {
    return in(State.REVEALED).stream()
        .filter(replica -> outcome.equals(firstWord(replica.owner())))
        .map(Replica::owner)
        .collect(Collectors.toSet());
  }

  private @Nullable Outcome firstWord(Address owner) {
    return in(State.REVEALED).stream()
        .filter(replica -> replica.owner().equals(owner))
        .findFirst()
        .map(Replica::outcome)
        .orElse(null);
  }

  private int most() {
    return groups().stream().mapToInt(outcome -> votersOf(outcome).size()).max().orElse(0);
  }

  private int needed() {
    long best = groups().stream().filter(group -> votersOf(group).size() == most()).count();
    return best > 1 ? Math.max(parameters.agreement(), most() + 1) : parameters.agreement();
  }

  private Set<Outcome> groups() {
    var groups = new HashSet<Outcome>();
    for (Replica replica : replicas) {
      Outcome outcome = replica.outcome();
      if (outcome != null && !votersOf(outcome).isEmpty()) {
        groups.add(outcome);
      }
    }
    return groups;
  }

  /** Owners who have been asked and have not said anything yet. */
  private Set<Address> silent() {
    return live().stream()
        .map(Replica::owner)
        .filter(owner -> firstWord(owner) == null)
        .collect(Collectors.toSet());
  }

  private List<Replica> live() {
    return replicas.stream()
        .filter(replica -> replica.state() != State.LOST && replica.state() != State.RELEASED)
        .toList();
  }

  private List<Replica> in(State state) {
    return replicas.stream().filter(replica -> replica.state() == state).toList();
  }
}
