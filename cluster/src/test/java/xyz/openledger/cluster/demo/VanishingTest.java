package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.VoucherContract;
import xyz.openledger.cluster.audit.AuditRun;
import xyz.openledger.cluster.member.MemberProcess;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobDetail.ReplicaState;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.SessionRequest;
import xyz.openledger.protocol.api.SpendingSession;
import xyz.openledger.protocol.keys.KeyFile;
import xyz.openledger.protocol.voucher.SessionKey;

/**
 * {@code kill -9} of a provider and of a requester in the middle of jobs that vouchers pay: what
 * either costs the other, in the books and on the chain.
 */
class VanishingTest {
  private static final TenantId TENANT = MemberProcess.DEVELOPMENT_TENANT;
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final long DEPOSIT = 10_000_000_000L;
  private static final long CAP = 5_000_000_000L;
  private static final long INTERVAL = 1_000_000_000L;

  /** Some run at once within an interval. */
  private static final long PRICE_MAX = INTERVAL / 4;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void aProviderThatVanishesCostsNothingAndARequesterThatDoesOneIntervalAtTheMost()
      throws Exception {
    Path data = folder.resolve("data");
    Files.createDirectories(data);
    Files.writeString(data.resolve("openledger.conf"), "openledger.vouchers.interval-open = 1");
    try (var network = new LocalNetwork(data)) {
      var examples = new Workloads(Demo.home().resolve("examples"), 600_000);
      network.startMember(List.of("hearth"));
      network.startMachine(Cast.ADA);
      examples.upload(network.client().blobs());
      network.deposit(DEPOSIT);
      Address key = authorise(network);
      network.awaitReady(1);

      long paid = aProviderVanishes(network, examples);
      aRequesterVanishes(network, key, paid);
    }
    assertThat(AuditRun.of(data, (URI) null).findings()).isEmpty();
  }

  /** In the middle of a job; another does it, and is the only one who is paid. */
  private static long aProviderVanishes(LocalNetwork network, Workloads examples) throws Exception {
    signal(network, Cast.ADA, "STOP");
    JobId job = network.client().jobs().submit(job(examples, PRICE_MAX)).job();
    until(() -> show(network, job).job().state() == JobState.RUNNING);
    network.kill(Cast.ADA);
    network.startMachine(Cast.BOB);
    until(() -> show(network, job).job().state().isFinal());

    JobDetail ended = show(network, job);
    assertThat(ended.job().state()).isEqualTo(JobState.SETTLED);
    var replicas = ended.tasks().getFirst().replicas();
    assertThat(replicas).anyMatch(replica -> replica.state() == ReplicaState.LOST);
    long paid = earnings(network, Cast.BOB).lifetimeNanoOpen();
    assertThat(paid).isPositive().isEqualTo(ended.job().chargedNanoOpen());
    assertThat(earnings(network, Cast.ADA).lifetimeNanoOpen()).as("the lost one").isZero();
    assertThat(available(network)).as("all but the work of the other").isEqualTo(DEPOSIT - paid);
    until(() -> session(network).owedNanoOpen() == paid);
    assertThat(session(network).pools())
        .allMatch(tab -> tab.promisedNanoOpen() == 0, "nobody promised anything yet");
    return paid;
  }

  /** With jobs in the middle of their work, and some that it has not signed for. */
  private void aRequesterVanishes(LocalNetwork network, Address key, long before) throws Exception {
    Process requester = requester(network);
    try {
      until(() -> promised(network) > before);
      signal(network, Cast.BOB, "STOP");
      until(() -> session(network).runningNanoOpen() > INTERVAL / 2);
    } finally {
      requester.destroyForcibly().waitFor();
    }
    signal(network, Cast.BOB, "CONT");
    until(() -> session(network).runningNanoOpen() == 0);

    long promised = promised(network);
    long worked = earnings(network, Cast.BOB).lifetimeNanoOpen();
    assertThat(session(network).owedNanoOpen()).as("books and receipts").isEqualTo(worked);
    assertThat(worked - promised).as("worked and not promised").isBetween(1L, INTERVAL);
    assertThat(available(network)).as("what the books hold").isEqualTo(DEPOSIT - worked);
    var contract = new VoucherContract(network.chain(), network.contracts().escrow());
    until(() -> contract.session(key).orElseThrow().spentNanoOpen() == promised);
    BigInteger escrow = balance(network, network.contracts().escrow());
    BigInteger distributor = balance(network, network.contracts().distributor());
    assertThat(escrow.add(distributor))
        .as("the escrow holds what it was given, less what went on to be claimed")
        .isEqualTo(BigInteger.valueOf(DEPOSIT).multiply(BigInteger.valueOf(1_000_000_000)));
  }

  private Process requester(LocalNetwork network) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-Dopenledger.home=" + System.getProperty("openledger.home", ""),
            "-cp",
            System.getProperty("java.class.path"),
            VoucherRequester.class.getName(),
            network.client().url().toString(),
            Files.readString(network.data().resolve("keys/development-token")).strip(),
            keyFile(network).toString(),
            Long.toString(network.chain().chainId()),
            network.contracts().escrow().value(),
            Long.toString(PRICE_MAX))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("requester.log").toFile())
        .start();
  }

  /** The requester keeps the key itself. */
  private static Address authorise(LocalNetwork network) throws IOException {
    Address key = KeyFile.secp256k1(keyFile(network)).address();
    network.client().accounts().openSession(TENANT, new SessionRequest(key));
    var contract = new VoucherContract(network.chain(), network.contracts().escrow());
    long end = network.chain().seconds(ChainClient.Tag.LATEST) + 7 * 86_400;
    var owner = network.requester();
    contract.authorise(owner, new SessionKey(TENANT.account(), owner.address(), key, CAP, end));
    until(() -> session(network).state() == SpendingSession.State.OPEN);
    return key;
  }

  static JobSpec job(Workloads examples, long priceMaxNanoOpen) throws IOException {
    JobSpec spec = examples.task("option-price", 0, "cheapest").spec();
    return new JobSpec(
        spec.name(),
        spec.labels(),
        spec.workload(),
        spec.tasks(),
        new Policy(
            spec.policy().objective(),
            new Policy.Limits(priceMaxNanoOpen, 600_000, List.of(), null, 0),
            new Policy.Verification(Policy.Method.TRUSTED, new Policy.Parameters(1, 3)),
            null));
  }

  private static Path keyFile(LocalNetwork network) {
    return network.data().resolve("keys/requester-session.pem");
  }

  private static void signal(LocalNetwork network, Cast machine, String name) throws Exception {
    for (ProcessHandle worker : network.workers(machine)) {
      new ProcessBuilder("kill", "-" + name, Long.toString(worker.pid()))
          .start()
          .waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static JobDetail show(LocalNetwork network, JobId job) {
    return network.client().jobs().show(job.value());
  }

  private static SpendingSession session(LocalNetwork network) {
    return network.client().accounts().sessions(TENANT).getLast();
  }

  private static long promised(LocalNetwork network) {
    return session(network).pools().stream()
        .mapToLong(SpendingSession.PoolTab::promisedNanoOpen)
        .sum();
  }

  private static EarningsStatement earnings(LocalNetwork network, Cast machine) {
    return network.client().accounts().earnings(network.node(machine).id().value());
  }

  private static long available(LocalNetwork network) {
    return network.client().accounts().show(TENANT).availableNanoOpen();
  }

  private static BigInteger balance(LocalNetwork network, Address account) throws IOException {
    return network.chain().balance(network.contracts().token(), account);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(condition);
  }
}
