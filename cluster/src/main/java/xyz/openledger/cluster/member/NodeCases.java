package xyz.openledger.cluster.member;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.Contracts;
import xyz.openledger.chainanchor.evm.CourtContract;
import xyz.openledger.chainanchor.evm.GovernanceContracts;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.api.NodeDetail.Case;
import xyz.openledger.protocol.api.NodeDetail.Court;

/** What was brought against nodes before the court of the chain. */
record NodeCases(ChainClient chain, Contracts contracts, Executor blocking) {
  /** A chain that takes longer is away: whoever asks about a node waits for its answer. */
  private static final long WAIT_MILLIS = 3_000;

  /** Null while the chain does not answer, or where it has no court. */
  CompletionStage<@Nullable Court> of(NodeId node) {
    return CompletableFuture.<@Nullable Court>supplyAsync(() -> read(node), blocking)
        .completeOnTimeout(null, WAIT_MILLIS, TimeUnit.MILLISECONDS);
  }

  private @Nullable Court read(NodeId node) {
    GovernanceContracts governance = contracts.governance();
    if (governance == null) {
      return null;
    }
    try {
      var court = new CourtContract(chain, governance.court());
      return new Court(
          court.against(node, contracts.fromBlock(), Court.CASES_MAX).stream()
              .map(NodeCases::shown)
              .toList());
    } catch (IOException away) {
      return null;
    }
  }

  private static Case shown(CourtContract.Case found) {
    return new Case(
        found.number(),
        Case.State.valueOf(found.state().name()),
        found.accuser(),
        found.bondNanoOpen(),
        found.penaltyNanoOpen(),
        found.closesAtSeconds() * 1_000,
        found.evidence());
  }
}
