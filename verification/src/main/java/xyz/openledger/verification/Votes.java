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
import xyz.openledger.verification.credibility.Credibility;

/** What revealed outcomes weigh, each owner heard once. */
final class Votes {
  private final Map<Outcome, List<Double>> groups = new LinkedHashMap<>();
  private final Set<Address> owners = new HashSet<>();
  private @Nullable Outcome leading;

  private final double saboteurs;

  private Votes(double saboteurs) {
    this.saboteurs = saboteurs;
  }

  static Votes of(List<Replica> replicas, double saboteurs) {
    var votes = new Votes(saboteurs);
    for (Replica replica : replicas) {
      Outcome outcome = replica.outcome();
      if (outcome != null && votes.owners.add(replica.owner())) {
        votes
            .groups
            .computeIfAbsent(outcome, _ -> new ArrayList<>())
            .add(votes.credibility(replica.standing().confirmed()));
      }
    }
    double most = -1;
    for (var group : votes.groups.entrySet()) {
      double weight = Credibility.weight(group.getValue());
      if (weight > most) {
        most = weight;
        votes.leading = group.getKey();
      }
    }
    return votes;
  }

  /** The first of the groups that weigh most; absent before anything was revealed. */
  @Nullable Outcome leading() {
    return leading;
  }

  double leadingWeight() {
    return leading == null ? 0 : Credibility.weight(group(leading));
  }

  int leadingOwners() {
    return leading == null ? 0 : group(leading).size();
  }

  Set<Address> owners() {
    return owners;
  }

  List<Double> weights() {
    return weightsWithLeading(leadingWeight());
  }

  /** The weights of all groups, the leading one's taken as {@code weight}. */
  List<Double> weightsWithLeading(double weight) {
    List<Double> weights = new ArrayList<>();
    weights.add(weight);
    groups.forEach(
        (outcome, members) -> {
          if (!outcome.equals(leading)) {
            weights.add(Credibility.weight(members));
          }
        });
    return weights;
  }

  private List<Double> group(Outcome outcome) {
    return groups.getOrDefault(outcome, List.of());
  }

  double odds(long confirmed) {
    return Credibility.weight(List.of(credibility(confirmed)));
  }

  private double credibility(long confirmed) {
    return Credibility.ofMachine(saboteurs, confirmed);
  }
}
