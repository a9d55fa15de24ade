package xyz.openledger.verification;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;

/**
 * Decides between outcomes that differ and that nobody can check but by running the task again: a
 * committee of owners who had no part in it does, and those who began the dispute have no vote.
 *
 * <pre>
 *   agreement replicas ─▶ all revealed, not equal ─▶ a committee is drawn ─▶ all commit ─▶ all reveal
 *                                                     its majority says what is right ◀──────┘
 * </pre>
 *
 * <p>The first {@code agreement} replicas that were not lost are the parties; all after them sit on
 * the committee. It has as many seats as the policy's replicas leave, an odd number, at most
 * {@value #SEATS_MAX}. What is accepted has the committee's majority, and with the parties who said
 * the same as many owners as the policy asks for.
 */
final class Committee {
  private static final int SEATS_MAX = 7;

  private Committee() {}

  /** Whether parties contradict one another, so that a committee has to decide. */
  static boolean isCalled(Policy.Parameters parameters, List<Replica> replicas) {
    return parties(parameters, replicas).stream()
            .map(Replica::outcome)
            .filter(outcome -> outcome != null)
            .distinct()
            .count()
        > 1;
  }

  /** How many sit on it; 0 where a policy leaves no room for one. */
  static int seats(Policy.Parameters parameters) {
    int room = Math.min(SEATS_MAX, parameters.replicasMax() - parameters.agreement());
    return room <= 0 ? 0 : room - (room + 1) % 2;
  }

  /** What is to be done next, once it {@link #isCalled}. */
  static Verdict decide(Policy.Parameters parameters, List<Replica> replicas) {
    List<Replica> parties = parties(parameters, replicas);
    if (parties.stream().anyMatch(Replica::pending)) {
      return Quorum.reveal(parties, true);
    }
    List<Replica> committee =
        replicas.stream().filter(it -> it.live() && !parties.contains(it)).toList();
    int seats = seats(parameters);
    Map<Outcome, Integer> votes = votes(committee, parties);
    Outcome leading = leading(votes);
    int most = leading == null ? 0 : votes.getOrDefault(leading, 0);
    int pending = (int) committee.stream().filter(Replica::pending).count();
    int heard = votes.values().stream().mapToInt(Integer::intValue).sum();
    int majority = seats / 2 + 1;
    if (leading != null && most >= majority) {
      return owners(leading, replicas) >= parameters.agreement()
          ? Quorum.accepted(leading, replicas)
          : new Verdict.NoAgreement(Problem.NO_AGREEMENT);
    }
    int empty = Math.max(0, seats - heard - pending);
    int room = parameters.replicasMax() + Quorum.LOST_MAX - replicas.size();
    if (seats == 0 || most + pending + empty < majority) {
      return new Verdict.NoAgreement(Problem.NO_AGREEMENT);
    }
    if (empty > room) {
      return new Verdict.NoAgreement(Problem.NODE_LOST);
    }
    return empty > 0
        ? Quorum.lease(empty, replicas)
        : Quorum.reveal(committee, committee.stream().anyMatch(it -> it.outcome() != null));
  }

  /** Those who ran it before anybody knew that there is something to decide. */
  private static List<Replica> parties(Policy.Parameters parameters, List<Replica> replicas) {
    return replicas.stream().filter(Replica::live).limit(parameters.agreement()).toList();
  }

  /** One vote an owner, and none for the owner of a party. */
  private static Map<Outcome, Integer> votes(List<Replica> committee, List<Replica> parties) {
    Map<Outcome, Integer> votes = new HashMap<>();
    Set<Address> heard = new HashSet<>();
    parties.forEach(party -> heard.add(party.owner()));
    for (Replica member : committee) {
      Outcome said = member.outcome();
      if (said != null && heard.add(member.owner())) {
        votes.merge(said, 1, Integer::sum);
      }
    }
    return votes;
  }

  private static @Nullable Outcome leading(Map<Outcome, Integer> votes) {
    var most = new ArrayList<>(votes.entrySet());
    most.sort(Map.Entry.<Outcome, Integer>comparingByValue().reversed());
    return most.isEmpty() ? null : most.getFirst().getKey();
  }

  private static int owners(Outcome outcome, List<Replica> replicas) {
    Set<Address> owners = new HashSet<>();
    for (Replica replica : replicas) {
      if (outcome.equals(replica.outcome())) {
        owners.add(replica.owner());
      }
    }
    return owners.size();
  }
}
