package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.audit.AuditRun;
import xyz.openledger.cluster.member.MemberProcess;
import xyz.openledger.nodes.agent.AgentMain;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.PoolMarket;
import xyz.openledger.protocol.api.Reservation;
import xyz.openledger.protocol.api.ReservationRequest;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.client.OpenLedgerClient;

/** The market of a running network: a member, its chain and a machine that sells, as processes. */
class MarketTest {
  private static final long MINUTE = 60_000;
  private static final long RESERVATION_PRICE = 500_000;
  private static final long SLOT_HOUR_MAX = 60_000_000;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private enum Seller implements Machine {
    SAL;

    @Override
    public String machine() {
      return "sal";
    }

    @Override
    public String pool() {
      return "hearth";
    }

    @Override
    public Class<?> program() {
      return AgentMain.class;
    }

    @Override
    public List<String> join(String claim, String data) {
      return List.of(
          "join",
          claim,
          "--name",
          "sal",
          "--data",
          data,
          "--slots",
          "2",
          "--price",
          "1000000",
          "--price-for",
          "matmul=3000000",
          "--reservation-price",
          "500000",
          "--spot-slots",
          "1",
          "--reserved-slots",
          "1",
          "--reserved-price",
          "30000000",
          "--memory-per-slot",
          "64Mi");
    }
  }

  @Test
  void spotClearsReservedIsKeptAndPaidOnceThroughAKill() throws Exception {
    Path data = folder.resolve("data");
    try (var network = new LocalNetwork(data)) {
      network.startMember(List.of("hearth"));
      network.startMachine(Seller.SAL);
      network.deposit(10_000_000_000L);
      network.awaitReady(1);
      OpenLedgerClient client = network.client();
      JobFile file = JobFile.read(Demo.home().resolve("examples/hello/job.json"));
      file.upload(client.blobs(), (_, _) -> {});

      JobDetail spot = settled(client, as(file.spec(), Policy.Capacity.SPOT));
      PoolMarket market = market(client);
      long price = market.clearings().getLast().priceNanoOpen();
      assertThat(price).isBetween(RESERVATION_PRICE, 25_000_000_000L);
      assertThat(spot.tasks().getFirst().replicas().getFirst().priceNanoOpenPerGigafuel())
          .isIn(market.clearings().stream().map(PoolMarket.Clearing::priceNanoOpen).toList());
      assertThat(client.jobs().explain(spot.job().id().value()).toString())
          .contains("on the spot at", "interruptible");
      assertThat(client.jobs().dryRun(as(file.spec(), Policy.Capacity.SPOT)).notes().toString())
          .contains("on the spot");

      onDemandAtThePostedPrice(client, file.spec());
      eachClassAtItsOwnPrice(client, file.spec());

      assertThatThrownBy(() -> reserve(client, "too-cheap", 1))
          .isInstanceOfSatisfying(
              MemberRefusal.class,
              refused ->
                  assertThat(refused.problem().code())
                      .isEqualTo(Problem.UNSATISFIABLE_POLICY.code()));
      long before = available(client);
      Reservation bought = reserve(client, "a-slot", SLOT_HOUR_MAX).getFirst();
      assertThat(bought.state()).isEqualTo("active");
      assertThat(before - available(client)).isEqualTo(bought.priceNanoOpen()).isPositive();

      JobDetail reserved = settled(client, as(file.spec(), Policy.Capacity.RESERVED));
      assertThat(reserved.job().chargedNanoOpen()).isZero();

      network.killMember();
      network.startMember(List.of("hearth"));
      network.awaitReady(1);
      assertThat(reserve(network.client(), "a-slot", SLOT_HOUR_MAX).getFirst().id())
          .isEqualTo(bought.id());
      LocalNetwork.await(
          "the end of the reservation",
          () -> market(network.client()).reservations().getFirst().state().equals("closed"));
      Reservation closed = market(network.client()).reservations().getFirst();
      assertThat(market(network.client()).reservations()).hasSize(1);
      assertThat(closed.earnedNanoOpen()).isPositive().isLessThanOrEqualTo(bought.priceNanoOpen());
      assertThat(before - available(network.client())).isEqualTo(closed.earnedNanoOpen());
    }
    assertThat(AuditRun.of(data, (URI) null).findings()).isEmpty();
  }

  /**
   * What is held, put on the receipt and paid is the posted price, and what was above is refused.
   */
  private static void onDemandAtThePostedPrice(OpenLedgerClient client, JobSpec spec) {
    long posted = Objects.requireNonNull(market(client).postedNanoOpen());
    long price = Math.max(posted, 1_000_000);
    JobSpec onDemand = as(spec, Policy.Capacity.ON_DEMAND);
    JobDetail bought = settled(client, onDemand);
    var replica = bought.tasks().getFirst().replicas().getFirst();
    assertThat(replica.priceNanoOpenPerGigafuel()).isEqualTo(price);
    assertThat(bought.job().chargedNanoOpen())
        .isEqualTo(
            bought.tasks().stream()
                .mapToLong(
                    task ->
                        Price.ofReplica(Objects.requireNonNull(task.outcome()).fuelUsed(), price))
                .sum());

    long cost = spec.tasks().size() * Price.ofReplica(spec.workload().fuelMax(), price);
    var refused = client.jobs().dryRun(limited(onDemand, cost - 1));
    assertThat(refused.feasible()).isFalse();
    assertThat(client.jobs().dryRun(limited(onDemand, cost)).feasible()).isTrue();
  }

  /** Products cost what the machine names for them, and WebAssembly that was sold moves nothing. */
  private static void eachClassAtItsOwnPrice(OpenLedgerClient client, JobSpec spec) {
    Workload wasm = spec.workload();
    var products =
        new JobSpec(
            "products",
            Map.of(),
            new Workload.Matmul(
                wasm.program(), wasm.fuelMax(), wasm.memoryMaxBytes(), wasm.outputMaxBytes()),
            List.of(new JobSpec.Task(List.of(), spec.tasks().getFirst().input())),
            spec.policy());
    var quote = Objects.requireNonNull(client.jobs().dryRun(products).quote());
    assertThat(quote.costP50NanoOpen()).isEqualTo(Price.ofReplica(wasm.fuelMax(), 3_000_000));

    var network = client.network();
    String pool = network.pools().stream().findFirst().orElseThrow().id().value();
    assertThat(network.market(pool, "matmul", 10).postedNanoOpen()).isNull();
    assertThat(network.market(pool, "matmul", 10).traded()).containsExactly("wasm");
    assertThat(network.market(pool, "wasm", 10).postedNanoOpen()).isNotNull();
  }

  private static JobSpec limited(JobSpec spec, long priceMaxNanoOpen) {
    Policy policy = spec.policy();
    Policy.Limits limits = policy.limits();
    return new JobSpec(
        spec.name(),
        spec.labels(),
        spec.workload(),
        spec.tasks(),
        new Policy(
            policy.objective(),
            new Policy.Limits(priceMaxNanoOpen, limits.deadlineMillis(), List.of(), null, 0),
            policy.verification(),
            policy.capacity()));
  }

  private static JobSpec as(JobSpec spec, Policy.Capacity capacity) {
    return spec.withPolicy(spec.policy().withCapacity(capacity));
  }

  private static JobDetail settled(OpenLedgerClient client, JobSpec spec) {
    String id = client.jobs().submit(spec, UUID.randomUUID().toString()).job().value();
    LocalNetwork.await("the job", () -> client.jobs().show(id).job().state().isFinal());
    JobDetail detail = client.jobs().show(id);
    assertThat(detail.job().state()).as(detail.toString()).isEqualTo(JobState.SETTLED);
    return detail;
  }

  private static PoolMarket market(OpenLedgerClient client) {
    var network = client.network();
    String pool = network.pools().stream().findFirst().orElseThrow().id().value();
    return network.market(pool, 100);
  }

  private static List<Reservation> reserve(OpenLedgerClient client, String key, long max) {
    var network = client.network();
    String pool = network.pools().stream().findFirst().orElseThrow().id().value();
    return network.reserve(pool, new ReservationRequest(1, MINUTE, max), key).reservations();
  }

  private static long available(OpenLedgerClient client) {
    return client.accounts().show(MemberProcess.DEVELOPMENT_TENANT).availableNanoOpen();
  }
}
