package xyz.openledger.actors.view;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.Reputation;

/** What receipts say of nodes, added up. */
public final class Reputations {
  private final ViewStore store;
  private final Map<PoolId, Set<NodeId>> changed = new HashMap<>();

  /** The reputations in {@code store}. */
  public Reputations(ViewStore store) {
    this.store = store;
  }

  /** A node's reputation; neutral if no receipt names it. */
  public Reputation of(NodeId node) {
    byte[] known = store.get(ViewStore.Table.REPUTATIONS, ViewStore.key(node.value()));
    return known == null ? Reputation.NEW : Json.read(known, Reputation.class);
  }

  /** Takes in what happened. */
  public void apply(ViewStore.Writing writing, Receipt receipt) {
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      for (Receipt.ReplicaReceipt replica : task.replicas()) {
        switch (replica.standing()) {
          case ACCEPTED -> add(writing, replica, Reputation.Conduct.ACCEPTED);
          case REJECTED -> add(writing, replica, Reputation.Conduct.REJECTED);
          case LOST -> add(writing, replica, Reputation.Conduct.LOST);
          case RELEASED -> {
            // Not needed any more: nobody's fault.
          }
        }
      }
    }
  }

  /** Which nodes of which pools have changed since this was last asked. */
  public Map<PoolId, Map<NodeId, Reputation>> drain() {
    var scores = new HashMap<PoolId, Map<NodeId, Reputation>>();
    changed.forEach(
        (pool, nodes) -> {
          var of = new HashMap<NodeId, Reputation>();
          nodes.forEach(node -> of.put(node, of(node)));
          scores.put(pool, Map.copyOf(of));
        });
    changed.clear();
    return scores;
  }

  private void add(
      ViewStore.Writing writing, Receipt.ReplicaReceipt replica, Reputation.Conduct conduct) {
    byte[] key = ViewStore.key(replica.node().value());
    byte[] known = writing.get(ViewStore.Table.REPUTATIONS, key);
    Reputation before = known == null ? Reputation.NEW : Json.read(known, Reputation.class);
    writing.put(ViewStore.Table.REPUTATIONS, key, Json.write(before.after(conduct)));
    changed.computeIfAbsent(replica.pool(), _ -> new HashSet<>()).add(replica.node());
  }
}
