package xyz.openledger.actors.pool;

import java.util.HashMap;
import java.util.Map;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.pools.AuditDraw;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.queue.WorkloadClass;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Price;
import xyz.openledger.verification.AuditRate;
import xyz.openledger.verification.NodeRecord;
import xyz.openledger.verification.Replica;
import xyz.openledger.verification.Reputation;
import xyz.openledger.verification.TrackRecord;

/** What the nodes of a pool have shown and put up, and what follows from it for a lease. */
public final class Shown {
  private static final long DAY_MILLIS = 86_400_000;

  private final EpochSecret secret;
  private final Map<NodeId, NodeRecord> records = new HashMap<>();
  private final Map<NodeId, Long> stakesNanoOpen = new HashMap<>();
  private long day;

  /** Nothing is known yet; audits are drawn by that secret. */
  public Shown(EpochSecret secret) {
    this.secret = secret;
  }

  /** What receipts say of nodes. */
  public void records(Map<NodeId, NodeRecord> known) {
    records.putAll(known);
  }

  /** What a node's owner has at stake for it. */
  public void staked(NodeId node, long nanoOpen) {
    stakesNanoOpen.put(node, nanoOpen);
  }

  /** What is known of a node, aged to now. */
  Reputation reputation(NodeId node, long nowMillis) {
    return records.getOrDefault(node, NodeRecord.NEW).whole().at(nowMillis).reputation();
  }

  /** Whether a day has begun since this was last asked. */
  boolean anotherDay(long nowMillis) {
    long today = nowMillis / DAY_MILLIS;
    boolean another = today != day;
    day = today;
    return another;
  }

  /** What the rules of verification are to know of the node that gets that lease. */
  public Replica.Standing standing(Request request, Grant grant) {
    String kind = WorkloadClass.of(request).word();
    TrackRecord record = records.getOrDefault(grant.node(), NodeRecord.NEW).in(kind);
    boolean audited =
        AuditRate.applies(request.policy().verification().method())
            && AuditDraw.of(
                secret,
                grant.replica(),
                auditPartsPerMillion(
                    grant.node(),
                    record,
                    Price.ofReplica(request.fuelMax(), grant.priceNanoOpenPerGigafuel())));
    return new Replica.Standing(record.confirmed(), record.contribution(), audited);
  }

  private int auditPartsPerMillion(NodeId node, TrackRecord record, long rewardNanoOpen) {
    return AuditRate.partsPerMillion(
        record.confirmed(), rewardNanoOpen, stakesNanoOpen.getOrDefault(node, 0L));
  }

  /** Whether there is anything to tell of a node. */
  boolean knows(NodeId node) {
    return records.containsKey(node) || stakesNanoOpen.containsKey(node);
  }

  /** What a lease of such a task would know of a node, and how often it would be audited. */
  PoolProspects.Known known(Node node, long fuelMax, long memoryMaxBytes) {
    String kind = WorkloadClass.of(fuelMax, memoryMaxBytes).word();
    TrackRecord record = records.getOrDefault(node.id(), NodeRecord.NEW).in(kind);
    return new PoolProspects.Known(
        node.id(),
        record.confirmed(),
        record.contribution(),
        auditPartsPerMillion(
            node.id(), record, Price.ofReplica(fuelMax, node.priceNanoOpenPerGigafuel())));
  }
}
