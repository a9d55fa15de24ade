package xyz.openledger.cluster.member;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.pool.PoolMessage;
import xyz.openledger.actors.pool.PoolView;
import xyz.openledger.cluster.http.api.PageQuery;
import xyz.openledger.pools.Membership;
import xyz.openledger.pools.Pool;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.queue.Quotas;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.Page;
import xyz.openledger.protocol.api.PoolChange;
import xyz.openledger.protocol.api.PoolDetail;
import xyz.openledger.protocol.api.PoolQuotaChange;
import xyz.openledger.protocol.api.PoolRequest;
import xyz.openledger.protocol.api.PoolSummary;

/** What there is to say about pools, and what their operator says to them. */
final class PoolAnswers {
  private final Member member;
  private final Ask ask;

  PoolAnswers(Member member) {
    this.member = member;
    this.ask = new Ask(member.system());
  }

  CompletionStage<Page<PoolSummary>> pools(PageQuery query) {
    var ids =
        member.directory().pools().stream().map(xyz.openledger.pools.PoolSummary::pool).toList();
    return Ask.all(ids.stream().limit(query.limit()).map(this::pool).toList())
        .thenApply(pools -> Page.whole(pools.stream().map(PoolDetail::pool).toList()));
  }

  CompletionStage<PoolDetail> pool(PoolId pool) {
    return view(pool).thenApply(PoolAnswers::detail);
  }

  CompletionStage<PoolDetail> create(PoolRequest request) {
    PoolId id = PoolId.of(MemberOptions.OPERATOR, request.name());
    PoolTerms terms = changed(PoolTerms.DEFAULT, request.terms());
    var pool = new Pool(id, request.name(), MemberOptions.OPERATOR, terms);
    return ask.<PoolMessage, PoolView>of(
            member.pool(id), replyTo -> new PoolMessage.Open(pool, replyTo))
        .thenApply(
            view -> {
              if (!view.terms().equals(terms)) {
                throw new ProblemException(
                    Problem.WRONG_STATE,
                    "name",
                    "a pool %s has other terms; change them with pool set %s"
                        .formatted(request.name(), id));
              }
              return detail(view);
            });
  }

  CompletionStage<PoolDetail> set(PoolId pool, PoolChange change) {
    return view(pool)
        .thenCompose(
            view -> {
              PoolTerms terms = changed(view.terms(), change);
              return ask.<PoolMessage, PoolView>of(
                  member.pool(pool), replyTo -> new PoolMessage.Amend(terms, replyTo));
            })
        .thenApply(PoolAnswers::detail);
  }

  CompletionStage<PoolDetail> setQuota(PoolId pool, PoolQuotaChange change) {
    Quotas.Quota quota = PoolQuotas.quota(change);
    return view(pool)
        .thenCompose(
            _ ->
                ask.<PoolMessage, PoolView>of(
                    member.pool(pool),
                    replyTo -> new PoolMessage.SetQuota(change.tenant(), quota, replyTo)))
        .thenApply(view -> detail(PoolQuotas.taken(view, change.tenant(), quota)));
  }

  private CompletionStage<PoolView> view(PoolId pool) {
    return ask.<PoolMessage, PoolView>of(member.pool(pool), PoolMessage.Show::new)
        .thenApply(
            view -> {
              if (view.name().isEmpty()) {
                throw new ProblemException(Problem.NOT_FOUND, "pool", "there is no pool " + pool);
              }
              return view;
            });
  }

  private static PoolTerms changed(PoolTerms terms, PoolChange change) {
    return new PoolTerms(
        said(change.scoreMargin(), terms.scoreMargin()),
        said(change.explorationBasisPoints(), terms.explorationBasisPoints()),
        said(change.queueMax(), terms.queueMax()),
        admit(change.admit(), terms.admit()),
        change.clearingMillis() == null ? terms.clearingMillis() : change.clearingMillis(),
        change.preemptAfterMillis() == null
            ? terms.preemptAfterMillis()
            : change.preemptAfterMillis(),
        change.noticeMillis() == null ? terms.noticeMillis() : change.noticeMillis(),
        prefer(change.prefer(), terms.prefer()));
  }

  /** Read here, so that whoever says it is told what is wrong with it. */
  private static @Nullable String admit(@Nullable String said, @Nullable String before) {
    if (said == null || said.isBlank()) {
      return said == null ? before : null;
    }
    Membership.requirement(said);
    return said;
  }

  private static @Nullable String prefer(@Nullable String said, @Nullable String before) {
    if (said == null || said.isBlank()) {
      return said == null ? before : null;
    }
    Membership.preference(said);
    return said;
  }

  private static int said(@Nullable Integer value, int otherwise) {
    return value == null ? otherwise : value;
  }

  private static PoolDetail detail(PoolView view) {
    return new PoolDetail(
        new PoolSummary(
            view.pool(), view.name(), view.nodes(), view.slots(), view.leased(), view.queued()),
        new xyz.openledger.protocol.api.PoolTerms(
            view.terms().scoreMargin(),
            view.terms().explorationBasisPoints(),
            view.terms().queueMax(),
            view.terms().admit(),
            view.nodesOutside(),
            view.terms().clearingMillis(),
            view.terms().preemptAfterMillis(),
            view.terms().noticeMillis(),
            view.terms().prefer()),
        view.members().stream().limit(PoolDetail.MEMBERS_MAX).map(PoolAnswers::member).toList(),
        view.quotas().stream().map(PoolQuotas::quota).toList());
  }

  private static PoolDetail.Member member(PoolView.NodeView node) {
    return new PoolDetail.Member(
        node.offer().node(),
        node.offer().name(),
        node.offer().owner(),
        node.offer().slots(),
        node.leased(),
        node.reputation(),
        node.offer().priceNanoOpenPerGigafuel(),
        node.offer().region(),
        node.offer().carbonGramsPerKwh());
  }
}
