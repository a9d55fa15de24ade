package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.evm.ChainClient;
import xyz.openledger.chainanchor.evm.VoucherContract;
import xyz.openledger.cluster.cli.OpenLedger;
import xyz.openledger.cluster.cli.Shell;
import xyz.openledger.cluster.member.MemberProcess;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.SessionRequest;
import xyz.openledger.protocol.api.SpendingSession;
import xyz.openledger.protocol.api.SpendingSession.State;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.KeyFile;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.voucher.EscrowDomain;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

/** A requester that pays by vouchers: member, machine and chain are real. */
class VouchersOnChainTest {
  private static final long DEPOSIT = 10_000_000_000L;
  private static final int JOBS = 3;
  private static final TenantId TENANT = MemberProcess.DEVELOPMENT_TENANT;
  private static final String INTERVAL_OPEN = "1";
  private static final long INTERVAL_NANO = 1_000_000_000L;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void aKeyThatIsAuthorisedOncePaysForManyJobsAndNoUnitTwice() throws Exception {
    Path data = folder.resolve("data");
    Files.createDirectories(data);
    Files.writeString(
        data.resolve("openledger.conf"),
        "openledger.vouchers.interval-open = %s%n".formatted(INTERVAL_OPEN)
            + "openledger.chain.coin-is-open-on-development-chain = false");
    try (var network = new LocalNetwork(data, Programs.freePortBase())) {
      network.startMember(Cast.POOLS);
      network.startMachine(Cast.ADA);
      var examples = new Workloads(Demo.home().resolve("examples"), 600_000);
      examples.upload(network.client().blobs());
      network.deposit(DEPOSIT);
      network.awaitReady(1);
      String owner = data.resolve("keys/development-requester.pem").toString();

      assertThat(failed(network, "account", "deposit", "1", "--coin", "--key", owner))
          .contains("--coin", "the escrow of this network takes OPEN as a token only");

      assertThat(refused(network, "--cap", "11", "--expires", "7d", "--key", owner))
          .contains("10.000000000 OPEN in this account's escrow that is free");
      assertThat(refused(network, "--cap", "4", "--expires", "3h", "--key", owner))
          .contains("lasts more than a day");
      run(network, "account", "authorise", "--cap", "4", "--expires", "7d", "--key", owner);

      Path file = data.resolve("keys/session-" + MemberProcess.DEVELOPMENT_TENANT + ".pem");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      var key = KeyFile.secp256k1(file).address();
      var contract = new VoucherContract(network.chain(), network.contracts().escrow());
      var account = MemberProcess.DEVELOPMENT_TENANT.account();
      var depositor = network.requester().address();
      assertThat(contract.availableNanoOpen(account, depositor)).isEqualTo(6_000_000_000L);
      assertThat(refused(network, "--cap", "1", "--expires", "7d", "--key", owner))
          .contains("a key serves once");

      for (int i = 0; i < JOBS; i++) {
        network.client().jobs().submit(job(examples));
      }
      long earned = earned(network);
      assertThat(show(network).at("/session/spentNanoOpen").asLong())
          .as("nobody signed: a requester that says nothing pays nothing by vouchers")
          .isZero();
      LocalNetwork.await("the receipts", () -> sum(show(network), "owedNanoOpen") == earned);

      JsonNode settled = show(network, "--sign", "--settle", owner);
      assertThat(sum(settled, "signedNanoOpen")).isEqualTo(earned);
      assertThat(settled.path("transaction").asText()).startsWith("0x");
      assertThat(contract.session(key).orElseThrow().spentNanoOpen()).isEqualTo(earned);
      JsonNode again = show(network, "--sign", "--settle", owner);
      assertThat(again.path("transaction").isMissingNode() || again.path("transaction").isNull())
          .as("there is nothing new to settle")
          .isTrue();
      assertThat(contract.session(key).orElseThrow().spentNanoOpen()).isEqualTo(earned);
      assertThat(run(network, "account", "vouchers")).contains("PROMISED", "ON CHAIN");
      anApiKeyPaysByVouchers(network, examples, owner);
      whatAnEndedKeyLeftIsFreeAgain(network, key, owner);
    }
  }

  /** The day of notice passes at once: a development chain's next block is of any time. */
  private static void whatAnEndedKeyLeftIsFreeAgain(LocalNetwork network, Address key, String owner)
      throws IOException {
    var contract = new VoucherContract(network.chain(), network.contracts().escrow());
    var account = TENANT.account();
    var depositor = network.requester().address();
    String stranger = network.data().resolve("keys/relayer.pem").toString();
    long before = contract.availableNanoOpen(account, depositor);
    long left = 4_000_000_000L - contract.session(key).orElseThrow().spentNanoOpen();

    assertThat(failed(network, "account", "release", "--key", owner)).contains("may spend until");
    assertThat(failed(network, "account", "revoke", "--key", stranger))
        .contains("is of the deposit of " + depositor);
    String nobody = "0x" + "7".repeat(40);
    assertThat(failed(network, "account", "revoke", "--key", owner, "--address", nobody))
        .contains("the chain knows no session key");
    assertThat(run(network, "account", "revoke", "--key", owner)).contains("free then");
    network.chain().rpc().call("evm_increaseTime", 86_500);
    LocalNetwork.await("a block a day later", () -> hasEnded(network, contract, key));
    assertThat(run(network, "account", "release", "--key", stranger)).contains("free again");
    assertThat(contract.availableNanoOpen(account, depositor)).isEqualTo(before + left);
    assertThat(failed(network, "account", "release", "--key", owner)).contains("free already");
    assertThat(failed(network, "account", "revoke", "--key", owner)).contains("ended already");
  }

  private static boolean hasEnded(LocalNetwork network, VoucherContract contract, Address key) {
    try {
      return network.chain().seconds(ChainClient.Tag.LATEST)
          >= contract.session(key).orElseThrow().terms().expiresAtSeconds();
    } catch (IOException away) {
      return false;
    }
  }

  private static void anApiKeyPaysByVouchers(LocalNetwork network, Workloads examples, String owner)
      throws Exception {
    var accounts = network.client().accounts();
    Address key = accounts.openSession(TENANT, new SessionRequest(null)).key();
    assertThatThrownBy(() -> network.client().jobs().submit(job(examples)))
        .as("nothing starts under a key that the chain does not know")
        .hasMessageContaining("no final block has the authorisation of its session key " + key);
    run(
        network,
        "account",
        "authorise",
        "--cap",
        "3",
        "--expires",
        "7d",
        "--kept-by-member",
        "--key",
        owner);
    LocalNetwork.await("the session key", () -> session(network).state() == State.OPEN);
    Path file = network.data().resolve("keys/sessions/" + key + ".pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    var node = network.node(Cast.ADA).id().value();
    long before = accounts.earnings(node).lifetimeNanoOpen();
    network.client().jobs().submit(job(examples));
    network.client().jobs().submit(job(examples));
    LocalNetwork.await("both jobs", () -> accounts.earnings(node).lines().size() == JOBS + 2);
    long earned = accounts.earnings(node).lifetimeNanoOpen() - before;
    LocalNetwork.await("the vouchers on the chain", () -> settled(network) == earned);
    assertThat(session(network).owedNanoOpen()).isEqualTo(earned);
    var contract = new VoucherContract(network.chain(), network.contracts().escrow());
    assertThat(contract.session(key).orElseThrow().spentNanoOpen())
        .as("books and chain agree")
        .isEqualTo(earned);
    assertThat(run(network, "account", "sessions")).contains("development", "open", "ON CHAIN");

    assertThatThrownBy(() -> network.client().jobs().submit(priced(examples, 3_000_000_000L)))
        .hasMessageContaining("may spend 3 OPEN");
    badVouchersAreRefused(network, key, session(network).pools().getFirst());

    Files.delete(file);
    network.client().jobs().submit(priced(examples, INTERVAL_NANO));
    LocalNetwork.await("its end", () -> session(network).owedNanoOpen() > earned);
    assertThatThrownBy(() -> network.client().jobs().submit(priced(examples, INTERVAL_NANO)))
        .hasMessageContaining("would be worked without a voucher, 1 are allowed")
        .isInstanceOfSatisfying(
            MemberRefusal.class,
            refused -> assertThat(refused.is(Problem.TOO_MANY_REQUESTS)).isTrue());
    SpendingSession left = session(network);
    assertThat(left.owedNanoOpen() - earned).isBetween(1L, INTERVAL_NANO);
    assertThat(settled(network)).as("a requester that vanished promised no more").isEqualTo(earned);
  }

  private static void badVouchersAreRefused(
      LocalNetwork network, Address key, SpendingSession.PoolTab tab) throws IOException {
    var here = new EscrowDomain(network.chain().chainId(), network.contracts().escrow());
    var secret = KeyFile.secp256k1(network.data().resolve("keys/sessions/" + key + ".pem"));
    var last = new Voucher(key, tab.pool(), tab.promisedNanoOpen());
    var more = new Voucher(key, tab.pool(), tab.promisedNanoOpen() + 1);
    var stranger = Secp256k1Key.generate();

    assertThat(give(network, last.sign(secret, here))).as("a replay changes nothing").isEmpty();
    assertThat(give(network, more.sign(secret, here))).contains("are owed, this promises");
    assertThat(give(network, more.sign(stranger, here))).contains("not signed by " + key);
    assertThat(give(network, more.sign(secret, new EscrowDomain(1612, here.escrow()))))
        .contains("not signed by " + key);
    assertThat(give(network, more.sign(secret, new EscrowDomain(here.chainId(), key))))
        .contains("not signed by " + key);
    assertThat(give(network, new Voucher(stranger.address(), tab.pool(), 1).sign(stranger, here)))
        .contains("is no session key of");
  }

  /** What the member says against it; empty if nothing. */
  private static String give(LocalNetwork network, SignedVoucher signed) {
    try {
      network.client().accounts().giveVouchers(TENANT, List.of(signed));
      return "";
    } catch (MemberRefusal refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  private static SpendingSession session(LocalNetwork network) {
    return network.client().accounts().sessions(TENANT).getLast();
  }

  private static long settled(LocalNetwork network) {
    return session(network).pools().stream()
        .mapToLong(SpendingSession.PoolTab::settledNanoOpen)
        .sum();
  }

  /** What the machine earned, once all jobs are settled; nobody else was paid. */
  private static long earned(LocalNetwork network) {
    var node = network.node(Cast.ADA).id().value();
    LocalNetwork.await(
        "the jobs", () -> network.client().accounts().earnings(node).lines().size() == JOBS);
    return network.client().accounts().earnings(node).lifetimeNanoOpen();
  }

  private static JsonNode show(LocalNetwork network, String... more) {
    String[] arguments =
        Arrays.copyOf(new String[] {"account", "vouchers", "-o", "json"}, 4 + more.length);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return Json.tree(run(network, arguments).getBytes(StandardCharsets.UTF_8));
  }

  private static long sum(JsonNode overview, String field) {
    long sum = 0;
    for (JsonNode line : overview.path("lines")) {
      sum += line.path(field).asLong();
    }
    return sum;
  }

  private static String refused(LocalNetwork network, String... options) {
    String[] arguments = Arrays.copyOf(new String[] {"account", "authorise"}, 2 + options.length);
    System.arraycopy(options, 0, arguments, 2, options.length);
    return failed(network, arguments);
  }

  private static String failed(LocalNetwork network, String... arguments) {
    var err = new ByteArrayOutputStream();
    assertThat(OpenLedger.run(shell(network, new ByteArrayOutputStream(), err), arguments))
        .isNotZero();
    return err.toString(StandardCharsets.UTF_8);
  }

  private static String run(LocalNetwork network, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int status = OpenLedger.run(shell(network, out, err), arguments);
    assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Shell shell(
      LocalNetwork network, ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Shell(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Map.of("OPENLEDGER_DATA_DIR", network.data().toString()),
        network.data(),
        null,
        false);
  }

  private static JobSpec job(Workloads examples) throws IOException {
    return priced(examples, 0);
  }

  /** With another price limit, if one is given. */
  private static JobSpec priced(Workloads examples, long priceMaxNanoOpen) throws IOException {
    JobSpec spec = examples.task("option-price", 0, "cheapest").spec();
    return new JobSpec(
        spec.name(),
        spec.labels(),
        spec.workload(),
        spec.tasks(),
        new Policy(
            spec.policy().objective(),
            new Policy.Limits(
                priceMaxNanoOpen == 0
                    ? spec.policy().limits().priceMaxNanoOpen()
                    : priceMaxNanoOpen,
                600_000,
                List.of(),
                null,
                0),
            new Policy.Verification(Policy.Method.TRUSTED, new Policy.Parameters(1, 3)),
            null));
  }
}
