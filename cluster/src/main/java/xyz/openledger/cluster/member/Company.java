package xyz.openledger.cluster.member;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import xyz.openledger.actors.pool.PoolProspects;
import xyz.openledger.pools.Node;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.verification.AuditRate;
import xyz.openledger.verification.Rehearsal;
import xyz.openledger.verification.Replica;

/**
 * How many owners one task takes of those that may run it, by the rule that will decide about its
 * result. Which nodes are drawn is not known before, so each owner is taken for the first once.
 *
 * @param owners distinct ones that may run it
 * @param known of these, how many have results confirmed in work of this kind
 * @param p50 how many take part at half of the draws
 * @param p95 at 95 of 100 draws, and if the first is audited
 * @param best how it goes if those who have shown most are drawn first
 * @param errorPartsPerMillion that is left if all agree
 */
record Company(int owners, int known, int p50, int p95, Rehearsal best, int errorPartsPerMillion) {
  private static final int DRAWS_MAX = 200;
  private static final int MILLION = 1_000_000;

  private static final TaskId TASK = new TaskId(JobId.of(new TenantId("any"), "rehearsal"), 0);

  /** Reckons it. */
  static Company of(
      Policy.Verification policy, List<Node> eligible, List<PoolProspects.Known> prospects) {
    Map<NodeId, PoolProspects.Known> known =
        prospects.stream()
            .collect(Collectors.toMap(PoolProspects.Known::node, Function.identity(), (a, _) -> a));
    // Of each owner the node that has shown most.
    var byOwner = new LinkedHashMap<Address, PoolProspects.Known>();
    for (Node node : eligible) {
      byOwner.merge(
          node.owner(),
          known.getOrDefault(node.id(), new PoolProspects.Known(node.id(), 0, 0, MILLION)),
          (a, b) -> shown(policy).compare(a, b) >= 0 ? a : b);
    }
    var owners = new ArrayList<>(byOwner.entrySet());
    owners.sort(Map.Entry.comparingByValue(shown(policy).reversed()));
    // Audited at best only what always is; at half of the draws what is mostly; else what may be.
    List<Replica> best = replicas(policy, owners, MILLION);
    return new Company(
        owners.size(),
        (int) owners.stream().filter(each -> each.getValue().confirmed() > 0).count(),
        percentile(policy, replicas(policy, owners, MILLION / 2), 50),
        percentile(policy, replicas(policy, owners, MILLION / 20), 95),
        Rehearsal.of(policy, best),
        Rehearsal.errorPartsPerMillion(best));
  }

  /** How many owners have to take part for a task to have its result. */
  int needed() {
    return best.stands() ? p50 : best.owners();
  }

  private static Comparator<PoolProspects.Known> shown(Policy.Verification policy) {
    return policy.method() == Policy.Method.TRUST
        ? Comparator.comparingLong(PoolProspects.Known::contribution)
        : Comparator.comparingLong(PoolProspects.Known::confirmed);
  }

  private static List<Replica> replicas(
      Policy.Verification policy,
      List<Map.Entry<Address, PoolProspects.Known>> owners,
      int auditedFromPartsPerMillion) {
    boolean audits = AuditRate.applies(policy.method());
    return IntStream.range(0, owners.size())
        .mapToObj(
            i -> {
              PoolProspects.Known each = owners.get(i).getValue();
              return Replica.leased(new ReplicaId(TASK, i), each.node(), owners.get(i).getKey())
                  .of(
                      new Replica.Standing(
                          each.confirmed(),
                          each.contribution(),
                          audits && each.auditPartsPerMillion() >= auditedFromPartsPerMillion));
            })
        .toList();
  }

  /** Over draws that begin with another owner each and go on in turn. */
  private static int percentile(Policy.Verification policy, List<Replica> owners, int percent) {
    int draws = Math.min(DRAWS_MAX, owners.size());
    if (draws == 0) {
      return policy.parameters().agreement();
    }
    int[] taken = new int[draws];
    for (int i = 0; i < draws; i++) {
      int first = (int) ((long) i * owners.size() / draws);
      var order = new ArrayList<>(owners.subList(first, owners.size()));
      order.addAll(owners.subList(0, first));
      taken[i] = Rehearsal.of(policy, order).owners();
    }
    Arrays.sort(taken);
    return taken[Math.ceilDiv(draws * percent, 100) - 1];
  }

  /** What is to be said of it. */
  String words(Policy.Verification policy) {
    String asks = asks(policy);
    String who =
        "%d of the %s that may run it %s results confirmed in work of this kind"
            .formatted(known, counted(owners, "owner"), known == 1 ? "has" : "have");
    if (best.stands()) {
      return p50 == p95
          ? "%s takes %s a task: %s".formatted(asks, counted(p50, "owner"), who)
          : "%s takes %s a task (p50) to %d (p95): %s"
              .formatted(asks, counted(p50, "owner"), p95, who);
    }
    if (best.over()) {
      return "%s can never be met: it takes more than the %d replicas of verification.parameters.replicasMax; %s"
          .formatted(asks, policy.parameters().replicasMax(), who);
    }
    return "%s can never be met as things are: it takes %d owners, and %s%s; quorum and trusted take fewer"
        .formatted(asks, best.owners(), who, left(policy));
  }

  private String left(Policy.Verification policy) {
    return policy.method() != Policy.Method.ADAPTIVE || owners == 0
        ? ""
        : " (if all agree, an error of %s is left)".formatted(percent(errorPartsPerMillion));
  }

  static String asks(Policy.Verification policy) {
    String method = policy.method().name().toLowerCase(Locale.ROOT) + " verification";
    Integer error = policy.errorMaxPartsPerMillion();
    Integer trust = policy.trust();
    return error != null
        ? "%s with an error of at most %s".formatted(method, percent(error))
        : trust != null ? "%s with a weight of %d".formatted(method, trust) : method;
  }

  private static String percent(int partsPerMillion) {
    return new BigDecimal(partsPerMillion).movePointLeft(4).stripTrailingZeros().toPlainString()
        + " %";
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
