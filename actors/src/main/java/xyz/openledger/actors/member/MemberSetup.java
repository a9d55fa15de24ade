package xyz.openledger.actors.member;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.anchor.Chain;
import xyz.openledger.actors.anchor.Witnesses;
import xyz.openledger.actors.job.Convictions;
import xyz.openledger.actors.job.ProductChecks;
import xyz.openledger.actors.node.CapacityChallenges;
import xyz.openledger.actors.node.Challenge;
import xyz.openledger.actors.pool.Surroundings;
import xyz.openledger.actors.view.ViewStore;
import xyz.openledger.chainanchor.log.LogView;
import xyz.openledger.chainanchor.outbox.OutboxSettings;
import xyz.openledger.chainanchor.vouchers.VoucherRules;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Ed25519Key;

/**
 * What a member's actors are made of.
 *
 * @param origin names the receipt log for ever
 * @param logKey signs its checkpoints
 * @param epochSecret draws replicas
 * @param challenges what nodes must solve before they work
 * @param stored whether a blob is in the store
 * @param grace how long a node may take to come back after a restart of this member
 * @param chain absent for a member that anchors nothing
 * @param blocking where calls to the chain wait
 * @param checks checks products
 * @param surroundings what pools can look up
 * @param capacity how nodes are challenged again
 * @param convictions keeps what convicts nodes
 */
public record MemberSetup(
    String origin,
    Ed25519Key logKey,
    EpochSecret epochSecret,
    LogView logView,
    ViewStore views,
    Challenge.Source challenges,
    Predicate<Digest> stored,
    Duration grace,
    @Nullable ChainSetup chain,
    Executor blocking,
    Clock clock,
    ProductChecks checks,
    Surroundings surroundings,
    CapacityChallenges capacity,
    Convictions convictions) {

  /** A member that checks no products, whose pools know nothing of what is around them. */
  public MemberSetup(
      String origin,
      Ed25519Key logKey,
      EpochSecret epochSecret,
      LogView logView,
      ViewStore views,
      Challenge.Source challenges,
      Predicate<Digest> stored,
      Duration grace,
      @Nullable ChainSetup chain,
      Executor blocking,
      Clock clock) {
    this(
        origin,
        logKey,
        epochSecret,
        logView,
        views,
        challenges,
        stored,
        grace,
        chain,
        blocking,
        clock,
        ProductChecks.NONE,
        Surroundings.UNKNOWN,
        CapacityChallenges.NONE,
        Convictions.NONE);
  }

  /**
   * The way to the chain.
   *
   * @param platformPayee the address that platform fees go to
   * @param fromBlock where the contracts begin
   * @param poll how often the chain is looked at
   * @param settle how often chain and books are compared, and checkpoints sealed
   * @param payout how often what was earned is gathered into a payout epoch
   * @param witnesses whose cosignatures a checkpoint needs before it is anchored
   * @param vouchers by which rules vouchers are taken
   */
  public record ChainSetup(
      Chain chain,
      OutboxSettings outbox,
      String platformPayee,
      long fromBlock,
      Duration poll,
      Duration settle,
      Duration payout,
      Witnesses witnesses,
      VoucherRules vouchers) {}
}
