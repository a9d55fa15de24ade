package xyz.openledger.actors.view;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.AgreementEvidence;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.Evidence;
import xyz.openledger.verification.NodeRecord;
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
    return record(node).whole().at(System.currentTimeMillis()).reputation();
  }

  /** What receipts say of a node, by kind of work. */
  public NodeRecord record(NodeId node) {
    return read(store.get(ViewStore.Table.REPUTATIONS, ViewStore.key(node.value())));
  }

  /** Takes in what happened. */
  public void apply(ViewStore.Writing writing, Receipt receipt) {
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      // Two nodes of one owner do not confirm one another; nor does a lone one itself.
      boolean confirmed = Evidence.spread(task).owners() > 1;
      for (Receipt.ReplicaReceipt replica : task.replicas()) {
        switch (replica.standing()) {
          case ACCEPTED ->
              add(writing, receipt, task, replica, Reputation.Conduct.ACCEPTED, confirmed);
          case REJECTED -> add(writing, receipt, task, replica, Reputation.Conduct.REJECTED, false);
          case LOST -> add(writing, receipt, task, replica, Reputation.Conduct.LOST, false);
          case RELEASED -> {
            // Not needed any more: nobody's fault.
          }
        }
      }
    }
  }

  /** Which nodes of which pools have changed since this was last asked. */
  public Map<PoolId, Map<NodeId, NodeRecord>> drain() {
    var records = new HashMap<PoolId, Map<NodeId, NodeRecord>>();
    changed.forEach(
        (pool, nodes) -> {
          var of = new HashMap<NodeId, NodeRecord>();
          nodes.forEach(node -> of.put(node, record(node)));
          records.put(pool, Map.copyOf(of));
        });
    changed.clear();
    return records;
  }

  private void add(
      ViewStore.Writing writing,
      Receipt receipt,
      Receipt.TaskReceipt task,
      Receipt.ReplicaReceipt replica,
      Reputation.Conduct conduct,
      boolean confirmed) {
    byte[] key = ViewStore.key(replica.node().value());
    AgreementEvidence evidence = task.agreement();
    NodeRecord after =
        read(writing.get(ViewStore.Table.REPUTATIONS, key))
            .after(
                evidence == null ? "" : evidence.workloadClass(),
                conduct,
                confirmed,
                receipt.finishedAtMillis());
    writing.put(ViewStore.Table.REPUTATIONS, key, Json.write(after));
    changed.computeIfAbsent(replica.pool(), _ -> new HashSet<>()).add(replica.node());
  }

  private static NodeRecord read(byte @Nullable [] known) {
    return known == null ? NodeRecord.NEW : Json.read(known, NodeRecord.class);
  }
}
