package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.pool.PoolProspects;
import xyz.openledger.actors.pool.PoolSurvey;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.Scheduling;
import xyz.openledger.pools.Traits;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

/** A dry run reckons by the rule of verification how many owners a task takes of those there. */
class OwnersNeededTest {
  private static final PoolId POOL = PoolId.of("ada", "attic");
  private static final long GIGAFUEL = 1_000_000_000;
  private static final long NANO_OPEN = 1_000_000;
  private static final Policy.Verification ADAPTIVE =
      new Policy.Verification(Policy.Method.ADAPTIVE, null);

  @Test
  void fourStrangersForOnePercentAndAQuoteForFour() {
    var looked = look(ADAPTIVE, 10 * NANO_OPEN, 5, strangers());

    assertThat(looked.feasible()).isTrue();
    assertThat(looked.advice().ownersNeeded()).isEqualTo(4);
    assertThat(looked.replicas()).isEqualTo(4);
    assertThat(Objects.requireNonNull(looked.advice().quote()).costP50NanoOpen())
        .isEqualTo(4 * NANO_OPEN);
    assertThat(Remarks.of(looked, looked.company()))
        .contains(
            "adaptive verification with an error of at most 1 % takes 4 owners a task: 0 of the 5"
                + " owners that may run it have results confirmed in work of this kind",
            "the price limit leaves 0.0025 OPEN for each of 4 replicas");
  }

  @Test
  void twoStrangersCanNeverDoItAndItIsSaidWithWhatIsLeft() {
    var looked = look(ADAPTIVE, 10 * NANO_OPEN, 2, strangers());

    assertThat(looked.feasible()).isFalse();
    assertThat(looked.advice().ownersNeeded()).isEqualTo(4);
    assertThat(Remarks.of(looked, looked.company()).getFirst())
        .contains("can never be met as things are: it takes 4 owners")
        .contains("an error of 5.8824 % is left");
    assertThat(Objects.requireNonNull(looked.advice().relaxation()).policy().verification())
        .isEqualTo(new Policy.Verification(Policy.Method.QUORUM, new Policy.Parameters(2, 9)));
  }

  @Test
  void aPriceLimitForTwoReplicasIsTooLowForFour() {
    var looked = look(ADAPTIVE, 2 * NANO_OPEN, 5, strangers());

    assertThat(looked.feasible()).isFalse();
    assertThat(
            Objects.requireNonNull(looked.advice().relaxation())
                .policy()
                .limits()
                .priceMaxNanoOpen())
        .isEqualTo(4 * NANO_OPEN);
  }

  @Test
  void provenNodesDoItAloneUnlessTheyAreAudited() {
    var known =
        IntStream.range(0, 5)
            .mapToObj(i -> new PoolProspects.Known(node(i).id(), 100, 0, 100_000))
            .toList();

    var looked = look(ADAPTIVE, 10 * NANO_OPEN, 5, known(known, PoolProspects.UNLIMITED, ""));

    assertThat(looked.company().p50()).isEqualTo(1);
    assertThat(looked.company().p95()).isEqualTo(2);
    assertThat(looked.advice().ownersNeeded()).isEqualTo(1);
  }

  @Test
  void aQuotaOfNothingIsNotFeasibleAndAFullOneIsWaitedFor() {
    var trusted = new Policy.Verification(Policy.Method.TRUSTED, null);

    var never = look(trusted, 10 * NANO_OPEN, 5, known(List.of(), 0, "ada would use 1 slots"));
    var later = look(trusted, 10 * NANO_OPEN, 5, known(List.of(), 1, "ada would use 2 slots"));

    assertThat(never.feasible()).isFalse();
    assertThat(Remarks.of(never, never.company()).toString())
        .contains("tenant ada may use 0 slots of this pool");
    assertThat(later.feasible()).isTrue();
    assertThat(later.heldBack()).isEqualTo("ada would use 2 slots");
  }

  private static DryRuns.Looked look(
      Policy.Verification verification, long priceMax, int nodes, PoolProspects prospects) {
    var policy =
        new Policy(null, new Policy.Limits(priceMax, 60_000, null, null, 0), verification, null);
    var tenant = new TenantId("ada");
    var request =
        new Request(
            new TaskId(JobId.of(tenant, "dry-run"), 0),
            0,
            policy,
            GIGAFUEL,
            65_536,
            Set.of(),
            Set.of(),
            priceMax,
            Scheduling.of(tenant, Map.of(), 1, false));
    var there = IntStream.range(0, nodes).mapToObj(OwnersNeededTest::node).toList();
    return DryRuns.look(
        request, 1, new PoolSurvey(POOL, "attic", nodes, there, 0, null), prospects);
  }

  private static PoolProspects strangers() {
    return known(List.of(), PoolProspects.UNLIMITED, "");
  }

  private static PoolProspects known(List<PoolProspects.Known> known, int quotaMax, String quota) {
    return new PoolProspects(known, quotaMax, quota, -1);
  }

  private static Node node(int number) {
    byte[] key = Digest.of(("node " + number).getBytes(StandardCharsets.UTF_8)).bytes();
    return new Node(
        NodeId.of(key),
        Address.of(Arrays.copyOf(key, 20)),
        POOL,
        "eu",
        0,
        NANO_OPEN,
        GIGAFUEL,
        1_000,
        1L << 28,
        1,
        1,
        5_000,
        0,
        true,
        Traits.UNKNOWN);
  }
}
