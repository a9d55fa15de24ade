package xyz.openledger.cluster.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.Anchor;
import xyz.openledger.protocol.api.DepositTerms;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.NodeDetail;
import xyz.openledger.protocol.api.NodeSummary;
import xyz.openledger.protocol.api.PoolDetail;
import xyz.openledger.protocol.api.PoolMarket;
import xyz.openledger.protocol.api.PoolQuota;
import xyz.openledger.protocol.api.PoolSummary;
import xyz.openledger.protocol.api.PoolTerms;
import xyz.openledger.protocol.api.PublishedPayouts;
import xyz.openledger.protocol.api.ReceiptLevel;
import xyz.openledger.protocol.api.Reservation;
import xyz.openledger.protocol.api.SpendingSession;

/** What a {@link FakeMember} always says, whatever it was given. */
final class SampleAnswers {
  private SampleAnswers() {}

  static NodeSummary nodeSummary() {
    return new NodeSummary(
        FakeMember.NODE,
        "kitchen-nuc",
        FakeMember.OWNER,
        FakeMember.POOL,
        NodeSummary.Standing.READY,
        true,
        4,
        1,
        9_200,
        2_000_000,
        "es-mad",
        120,
        310_000_000,
        1_900,
        "bubblewrap",
        5_000_000_000L);
  }

  static PoolSummary poolSummary() {
    return new PoolSummary(FakeMember.POOL, "homes", 1, 4, 1, 1);
  }

  static Reservation reservation() {
    return new Reservation(
        JobId.of(new TenantId("demo"), "reservation"),
        FakeMember.NODE,
        1,
        500,
        "active",
        1_700_000_000_000L,
        1_700_003_600_000L,
        0,
        "");
  }

  static Anchor anchor() {
    return new Anchor(
        8,
        Digest.of(),
        ReceiptLevel.MINED,
        901L,
        FakeMember.OWNER,
        "0x" + "ab".repeat(32),
        1_204L,
        1_763_800_000_500L);
  }

  static SpendingSession session(String apiKey) {
    return new SpendingSession(
        apiKey,
        FakeMember.OWNER,
        true,
        SpendingSession.State.OPEN,
        25_000_000_000L,
        1_795_000_000,
        5,
        List.of(new SpendingSession.PoolTab(FakeMember.POOL, 7, 6, 5)));
  }

  static NodeDetail nodeDetail() {
    return new NodeDetail(
        nodeSummary(),
        "00".repeat(32),
        "02".repeat(33),
        null,
        "23:00-07:00",
        Map.of("room", "kitchen"),
        1L << 30,
        15,
        new NodeDetail.Hardware(
            "Linux 6.1",
            "x86-64",
            "N100",
            List.of("avx2"),
            4,
            16L << 30,
            200L << 30,
            List.of(),
            "0.1.0",
            List.of()),
        null,
        null,
        new NodeDetail.Downgraded("memory", 40_000_000, 15_000_000, 1_795_000_000_000L),
        List.of(
            new NodeDetail.Against(
                "contradiction",
                JobId.of(new TenantId("demo"), "refuted"),
                "node-x-0123456789abcdef-contradiction.json",
                1_795_000_000_000L)),
        new NodeDetail.Court(
            List.of(
                new NodeDetail.Case(
                    3,
                    NodeDetail.Case.State.APPEALED,
                    FakeMember.OWNER,
                    10_000_000_000L,
                    50_000_000_000L,
                    1_795_000_000_000L,
                    Digest.of()))));
  }

  static PoolDetail poolDetail() {
    return new PoolDetail(
        poolSummary(),
        new PoolTerms(500, 200, 10_000, "node.cores >= 2", 0, 5_000),
        List.of(
            new PoolDetail.Member(
                FakeMember.NODE,
                "kitchen-nuc",
                FakeMember.OWNER,
                4,
                1,
                9_200,
                2_000_000,
                "es-mad",
                120)),
        List.of(new PoolQuota(TenantId.parse("ada"), 2, 4, 1, 1, 1)));
  }

  static PoolMarket poolMarket() {
    return new PoolMarket(
        FakeMember.POOL,
        "homes",
        "wasm",
        List.of("inference", "wasm"),
        5_000,
        1_100L,
        1_000L,
        1,
        1_200L,
        2,
        900L,
        2,
        1,
        List.of(new PoolMarket.Clearing(7, 1_000, 1, 2, 3, 1_700_000_000_000L)),
        List.of(reservation()));
  }

  static PublishedPayouts payouts() {
    return new PublishedPayouts(
        3,
        901L,
        FakeMember.OWNER,
        List.of(new PublishedPayouts.Payout(FakeMember.OWNER, "7000000000")),
        new PublishedPayouts.Waiting(
            4,
            "0x" + "1".repeat(64),
            List.of(new PublishedPayouts.Payout(FakeMember.OWNER, "9000000000"))));
  }

  static DepositTerms terms(TenantId tenant) {
    return new DepositTerms(
        tenant,
        "0x" + tenant.account().hex(),
        901,
        FakeMember.OWNER,
        FakeMember.OWNER,
        List.of("Approve the escrow for the amount", "Call deposit(account, amount)"));
  }

  static EarningsStatement statement(@Nullable NodeId node) {
    return new EarningsStatement(
        node,
        FakeMember.OWNER,
        5,
        6,
        7,
        8,
        List.of(
            new EarningsStatement.Line(
                JobId.of(TenantId.parse("demo"), "k"),
                "job-x/0/r0",
                95,
                5,
                EarningsStatement.Standing.EARNED,
                0,
                "",
                "no epoch yet",
                "the next",
                1_000L)),
        9L,
        0L,
        List.of(
            new EarningsStatement.Held(
                EarningsStatement.Standing.EARNED, 5, "no epoch yet", "the next", 1_000L)));
  }
}
