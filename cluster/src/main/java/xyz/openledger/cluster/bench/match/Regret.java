package xyz.openledger.cluster.bench.match;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Roster;
import xyz.openledger.protocol.Digest;

/**
 * By how much the node that a pool gives to a kind it was never asked for is worse than the best of
 * all its nodes, in percent.
 */
record Regret(double mean, double p99) {
  private static final double PERCENT = 100;
  private static final int WORTH_MAX = 10_000;

  static Regret of(Roster roster, List<Request> kinds, long seed) {
    var matcher =
        new Matcher(
            new PoolTerms(0, 0, 1), EpochSecret.of(Digest.of(new byte[] {(byte) seed}).bytes()));
    List<Node> nodes = roster.nodes();
    // With every slot taken but one node's, its worth is what it scores of what the best would.
    List<Node> busy = new ArrayList<>(nodes.stream().map(node -> node.withFreeSlots(0)).toList());
    var regrets = new ArrayList<Double>();
    for (int i = 0; i < kinds.size(); i++) {
      Request task = DrawnPool.apart(kinds.get(i), i + 1);
      for (Node chosen : matcher.place(task, roster, 1).chosen()) {
        int place = Collections.binarySearch(nodes, chosen, (a, b) -> a.id().compareTo(b.id()));
        Node taken = busy.set(place, chosen);
        regrets.add(PERCENT - PERCENT * matcher.worth(task, Roster.of(busy)) / WORTH_MAX);
        busy.set(place, taken);
      }
    }
    Collections.sort(regrets);
    return new Regret(
        regrets.stream().mapToDouble(Double::doubleValue).average().orElse(PERCENT),
        regrets.isEmpty() ? PERCENT : regrets.get(regrets.size() * 99 / 100));
  }
}
