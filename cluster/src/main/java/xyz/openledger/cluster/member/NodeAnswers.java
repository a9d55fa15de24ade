package xyz.openledger.cluster.member;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.claim.ClaimMessage;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.node.NodeIdentity;
import xyz.openledger.actors.node.NodeMessage;
import xyz.openledger.actors.node.NodeTerms;
import xyz.openledger.actors.node.NodeView;
import xyz.openledger.cluster.gateway.GatewayAuthority;
import xyz.openledger.cluster.http.api.NodeQuery;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.ClaimCode;
import xyz.openledger.protocol.Domain;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.Claim;
import xyz.openledger.protocol.api.NodeDetail;
import xyz.openledger.protocol.api.NodeSummary;
import xyz.openledger.protocol.api.Page;

/** What there is to say about nodes, and how machines are let in. */
final class NodeAnswers {
  private final Member member;
  private final PoolAnswers pools;
  private final Ask ask;
  private final GatewayAuthority authority;
  private final Supplier<String> gateway;
  private final Function<NodeId, List<NodeDetail.Against>> against;
  private final Function<NodeId, CompletionStage<NodeDetail.@Nullable Court>> court;
  private final Clock clock;
  private final RecentClaims recent = new RecentClaims();

  NodeAnswers(
      Member member,
      PoolAnswers pools,
      GatewayAuthority authority,
      Supplier<String> gateway,
      Function<NodeId, List<NodeDetail.Against>> against,
      Function<NodeId, CompletionStage<NodeDetail.@Nullable Court>> court,
      Clock clock) {
    this.member = member;
    this.court = court;
    this.against = against;
    this.pools = pools;
    this.ask = new Ask(member.system());
    this.authority = authority;
    this.gateway = gateway;
    this.clock = clock;
  }

  CompletionStage<Page<NodeSummary>> nodes(NodeQuery query) {
    var ids =
        member.views().nodes().nodes().stream()
            .filter(id -> id.value().compareTo(query.page().cursor()) > 0)
            .filter(
                id ->
                    query.pool() == null
                        || member
                            .views()
                            .nodes()
                            .identity(id)
                            .filter(known -> known.pool().equals(query.pool()))
                            .isPresent())
            .toList();
    var page = ids.subList(0, Math.min(ids.size(), query.page().limit()));
    var cursor = page.size() < ids.size() ? page.getLast().value() : "";
    return Ask.all(page.stream().map(this::detail).toList())
        .thenApply(details -> new Page<>(details.stream().map(NodeDetail::node).toList(), cursor));
  }

  /** With what the court says, which a page of nodes does without. */
  CompletionStage<NodeDetail> show(NodeId node) {
    return detail(node).thenCombine(court.apply(node), NodeDetail::with);
  }

  CompletionStage<NodeDetail> detail(NodeId node) {
    return ask.<NodeMessage, NodeView>of(member.node(node), NodeMessage.Show::new)
        .thenApply(view -> detail(node, view));
  }

  CompletionStage<NodeDetail> drain(NodeId node) {
    return ask.<NodeMessage, NodeMessage.EnrolReply>of(member.node(node), NodeMessage.Drain::new)
        .thenCompose(_ -> detail(node))
        .thenApply(
            detail -> {
              if (detail.node().standing() != NodeSummary.Standing.DRAINING) {
                throw new ProblemException(
                    Problem.WRONG_STATE, "", "the node is " + detail.node().standing());
              }
              return detail;
            });
  }

  CompletionStage<Claim> claim(
      TenantId tenant, String idempotencyKey, PoolId pool, Address owner, int ttlSeconds) {
    return pools
        .pool(pool)
        .thenCompose(
            _ -> {
              long expires = clock.millis() + ttlSeconds * 1_000L;
              Claim fresh =
                  new Claim(
                      authority.claim(gateway.get(), ClaimCode.drawToken()).text(),
                      pool,
                      owner,
                      expires);
              Claim claim = recent.of(tenant, idempotencyKey, fresh, clock.millis());
              if (!claim.pool().equals(pool) || !claim.owner().equals(owner)) {
                throw new ProblemException(
                    Problem.IDEMPOTENCY_CONFLICT,
                    "",
                    "this Idempotency-Key was used for another claim");
              }
              return ask.<ClaimMessage, ClaimMessage.Answer>of(
                      member.claims(),
                      replyTo ->
                          new ClaimMessage.Issue(
                              Domain.of("claim")
                                  .text(ClaimCode.parse(claim.code()).token())
                                  .digest(),
                              pool,
                              owner,
                              claim.expiresAtMillis(),
                              replyTo))
                  .thenApply(_ -> claim);
            });
  }

  private NodeDetail detail(NodeId node, NodeView view) {
    NodeIdentity identity = view.identity();
    NodeTerms terms = view.terms();
    if (identity == null || terms == null) {
      throw new ProblemException(Problem.NOT_FOUND, "node", "there is no node " + node);
    }
    var hardware = terms.hardware();
    List<NodeDetail.Against> seen = against.apply(node);
    return new NodeDetail(
        new NodeSummary(
            node,
            identity.name(),
            identity.owner(),
            identity.pool(),
            standing(view.standing()),
            view.connected(),
            terms.slots(),
            view.leased(),
            member.views().reputations().of(node).score(),
            terms.priceNanoOpenPerGigafuel(),
            terms.region(),
            terms.carbonGramsPerKwh(),
            terms.fuelPerCpuSecond(),
            terms.roundTripMicros(),
            hardware.sandbox(),
            view.stakeNanoOpen()),
        identity.transportKey(),
        identity.resultKey(),
        view.transactionHash().isEmpty() ? null : view.transactionHash(),
        terms.quietHours(),
        terms.labels(),
        terms.memoryMaxBytesPerSlot(),
        terms.watts(),
        new NodeDetail.Hardware(
            hardware.os(),
            hardware.architecture(),
            hardware.cpuModel(),
            hardware.cpuFlags(),
            hardware.cores(),
            hardware.memoryBytes(),
            hardware.diskFreeBytes(),
            hardware.accelerators(),
            hardware.agentVersion(),
            hardware.degraded()),
        terms.own() == null || terms.own().accept().isEmpty() ? null : terms.own().accept(),
        terms.own() == null || terms.own().prefer().isEmpty() ? null : terms.own().prefer(),
        view.downgrade() == null
            ? null
            : new NodeDetail.Downgraded(
                view.downgrade().measure().word(),
                view.downgrade().claimedPerSecond(),
                view.downgrade().measuredPerSecond(),
                view.downgrade().sinceMillis()),
        seen.isEmpty() ? null : seen,
        null);
  }

  private static NodeSummary.Standing standing(String text) {
    return switch (text) {
      case "ready" -> NodeSummary.Standing.READY;
      case "draining" -> NodeSummary.Standing.DRAINING;
      case "suspended" -> NodeSummary.Standing.SUSPENDED;
      case "left" -> NodeSummary.Standing.LEFT;
      default -> NodeSummary.Standing.JOINING;
    };
  }

  /** The last claims by their idempotency keys, kept in memory while they are good. */
  private static final class RecentClaims {
    private static final int KEPT_MAX = 10_000;

    private final LinkedHashMap<String, Claim> claims = new LinkedHashMap<>();

    synchronized Claim of(TenantId tenant, String key, Claim fresh, long nowMillis) {
      claims.values().removeIf(claim -> claim.expiresAtMillis() < nowMillis);
      String name = tenant + "/" + key;
      @Nullable Claim known = claims.get(name);
      if (known != null) {
        return known;
      }
      if (claims.size() >= KEPT_MAX) {
        throw new ProblemException(
            Problem.TOO_MANY_REQUESTS, "", "too many open claims; try again in a minute");
      }
      claims.put(name, fresh);
      return fresh;
    }
  }
}
