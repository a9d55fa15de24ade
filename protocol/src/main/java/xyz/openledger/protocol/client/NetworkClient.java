package xyz.openledger.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.api.Claim;
import xyz.openledger.protocol.api.ClaimRequest;
import xyz.openledger.protocol.api.GovernanceSimulation;
import xyz.openledger.protocol.api.GovernanceView;
import xyz.openledger.protocol.api.NodeDetail;
import xyz.openledger.protocol.api.NodeSummary;
import xyz.openledger.protocol.api.PoolChange;
import xyz.openledger.protocol.api.PoolDetail;
import xyz.openledger.protocol.api.PoolMarket;
import xyz.openledger.protocol.api.PoolQuotaChange;
import xyz.openledger.protocol.api.PoolRequest;
import xyz.openledger.protocol.api.PoolSummary;
import xyz.openledger.protocol.api.ReservationRequest;
import xyz.openledger.protocol.api.Reservations;

/** Nodes, pools, and how machines join them. */
public final class NetworkClient {
  private static final int ID_CHARACTERS_MAX = 31;

  private final Exchange exchange;

  NetworkClient(Exchange exchange) {
    this.exchange = exchange;
  }

  /**
   * The nodes.
   *
   * @param pool only those of this pool; absent for all
   */
  public Pages<NodeSummary> nodes(@Nullable String pool) {
    String query = pool == null ? "" : "?pool=" + Call.quote(pool);
    return Call.pages(exchange, "/nodes", query, NodeSummary.class);
  }

  /** A node with its hardware. */
  public NodeDetail node(String id) {
    return Call.get(exchange, path("nodes", id), NodeDetail.class);
  }

  /** Lets a node finish what it holds and gives it nothing more; a repeat changes nothing. */
  public NodeDetail drain(String id) {
    return Call.post(exchange, path("nodes", id) + ":drain", NodeDetail.class);
  }

  /** The pools. */
  public Pages<PoolSummary> pools() {
    return Call.pages(exchange, "/pools", "", PoolSummary.class);
  }

  /** A pool with up to 200 of its members. */
  public PoolDetail pool(String id) {
    return Call.get(exchange, path("pools", id), PoolDetail.class);
  }

  /** Opens a pool; a repeat with the same terms answers the same. */
  public PoolDetail createPool(PoolRequest request) {
    return Call.post(exchange, "/pools", request, Call.newKey(), PoolDetail.class);
  }

  /** Changes those terms of a pool that are said. */
  public PoolDetail setPool(String id, PoolChange change) {
    return Call.post(exchange, path("pools", id) + ":set", change, Call.newKey(), PoolDetail.class);
  }

  /** Sets what a tenant may use of a pool, or takes that away. */
  public PoolDetail setQuota(String id, PoolQuotaChange quota) {
    return Call.post(
        exchange, path("pools", id) + ":quota", quota, Call.newKey(), PoolDetail.class);
  }

  /** The governed values that are in force. */
  public GovernanceView governance() {
    return Call.get(exchange, "/governance", GovernanceView.class);
  }

  /** The rules with that hash, of those that were ever in force. */
  public GovernanceView rules(Digest ruleHash) {
    return Call.get(exchange, "/governance/" + ruleHash.hex(), GovernanceView.class);
  }

  /** Puts governed values in force; a repeat answers the same. */
  public GovernanceView setGovernance(JsonNode rules) {
    return Call.post(exchange, "/governance", rules, Call.newKey(), GovernanceView.class);
  }

  /** What rules would have changed for the jobs that the member recorded; changes nothing. */
  public GovernanceSimulation simulateGovernance(JsonNode rules) {
    return Call.post(
        exchange, "/governance:simulate", rules, Call.newKey(), GovernanceSimulation.class);
  }

  /** How a pool's market for WebAssembly work stands, with so many of its last clearings. */
  public PoolMarket market(String id, int clearings) {
    return market(id, "wasm", clearings);
  }

  /** How its market for a class of work stands. */
  public PoolMarket market(String id, String resourceClass, int clearings) {
    return Call.get(
        exchange,
        path("pools", id) + "/market?class=" + resourceClass + "&clearings=" + clearings,
        PoolMarket.class);
  }

  /** Buys slots ahead, all or none; a repeat under the same key buys nothing twice. */
  public Reservations reserve(String id, ReservationRequest request, String idempotencyKey) {
    return Call.post(
        exchange, path("pools", id) + "/reservations", request, idempotencyKey, Reservations.class);
  }

  /** Makes a code with which one machine may join. */
  public Claim claim(ClaimRequest request) {
    return Call.post(exchange, "/claims", request, Call.newKey(), Claim.class);
  }

  private static String path(String kind, String id) {
    return "/" + kind + "/" + Call.quote(Check.text("id", id, ID_CHARACTERS_MAX));
  }
}
