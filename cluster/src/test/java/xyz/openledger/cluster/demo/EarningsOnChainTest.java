package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.evm.Contracts;
import xyz.openledger.cluster.cli.Money;
import xyz.openledger.cluster.cli.OpenLedger;
import xyz.openledger.cluster.cli.Shell;
import xyz.openledger.cluster.member.MemberProcess;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.json.Json;

/** A member, a machine and a chain, all real, under a governed split of the prices. */
class EarningsOnChainTest {
  private static final long DEPOSIT = 10_000_000_000L;
  private static final int JOBS = 4;
  private static final Address MODELS = Address.parse("0x" + "ab".repeat(20));
  private static final String SPLIT =
      """
      {"epoch":1,"feeSplit":{"platformBasisPoints":500,"modelBasisPoints":250,
       "stakersBasisPoints":125,"dataBasisPoints":25},
       "feePayees":{"model":"%s"}}
      """
          .formatted(MODELS);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void aStatementEqualsTheChainToTheWeiAndAnOwnerWithoutGasIsPaid() throws Exception {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("member"));
    Files.writeString(data.resolve("member/governance.json"), SPLIT);
    try (var network = new LocalNetwork(data, Programs.freePortBase())) {
      network.startMember(Cast.POOLS);
      network.startMachine(Cast.ADA);
      var examples = new Workloads(Demo.home().resolve("examples"), 600_000);
      examples.upload(network.client().blobs());
      BigInteger coins = deposits(network);
      network.awaitReady(1);
      for (int i = 1; i < JOBS; i++) {
        network.client().jobs().submit(job(examples));
      }
      givesAProgramAKeyOfItsOwn(network, examples);
      LocalNetwork.await("the work to be claimable", () -> claimable(network));

      EarningsStatement statement = statement(network);
      long prices =
          statement.lines().stream()
              .mapToLong(line -> line.netNanoOpen() + line.feeNanoOpen())
              .sum();
      assertThat(statement.lifetimeNanoOpen())
          .as("its part, to the unit")
          .isEqualTo(prices * 91 / 100);
      Contracts contracts = network.contracts();
      BigInteger distributor = balance(network, contracts.distributor());
      BigInteger escrow = balance(network, contracts.escrow());
      assertThat(distributor).isEqualTo(wei(prices * 91 / 100 + prices * 5 / 100 + prices / 40));
      assertThat(escrow.add(distributor)).as("nothing left").isEqualTo(wei(DEPOSIT));
      String csv = run(network, "earnings", "ada", "--csv");
      assertThat(sum(csv, "claimable")).isEqualTo(statement.lifetimeNanoOpen());
      assertThat(csv)
          .contains("nobody has brought the claim to the chain")
          .contains("openledger earnings claim " + network.owner(Cast.ADA))
          .contains(",now");

      Address owner = network.owner(Cast.ADA);
      assertThat(run(network, "earnings", "claim", owner.value(), "--relayed"))
          .contains("the member paid the gas");

      assertThat(balance(network, owner)).isEqualTo(wei(statement.lifetimeNanoOpen()));
      assertThat(balance(network, contracts.distributor()))
          .isEqualTo(wei(prices * 5 / 100 + prices / 40));
      run(network, "earnings", "claim", MODELS.value());
      assertThat(balance(network, MODELS)).as("the model's part").isEqualTo(wei(prices / 40));
      assertThat(network.chain().rpc().call("eth_getBalance", owner.value(), "latest").asText())
          .isEqualTo("0x0");
      LocalNetwork.await(
          "the claim to be final",
          () ->
              Long.valueOf(statement.lifetimeNanoOpen())
                  .equals(statement(network).claimedNanoOpen()));
      assertThat(run(network, "earnings", "ada"))
          .contains("earned in all", "claimed", "No forecast yet", "was claimed (epoch");
      assertThat(wei(sum(run(network, "earnings", "ada", "--csv"), "claimed")))
          .as("the rows and the contract")
          .isEqualTo(claimedWei(network, owner));
      hasTheRestBackInCoin(network, coins.add(wei(DEPOSIT - prices)));
      assertThat(balance(network, contracts.escrow()))
          .as("the parts that have no payee")
          .isEqualTo(wei(prices).subtract(distributor));
    }
  }

  /**
   * Half of it as the chain's own coin, half as the token that wraps it.
   *
   * @return the coin that is left
   */
  private static BigInteger deposits(LocalNetwork network) throws IOException {
    Contracts contracts = network.contracts();
    assertThat(contracts.byName()).containsKeys("CoinEscrow", "WrappedOpen");
    Address requester = network.requester().address();
    BigInteger before = network.chain().coins(requester);
    String key = network.data().resolve("keys/development-requester.pem").toString();
    var half = new ArrayList<>(List.of("account", "deposit", "5", "--key", key, "-o", "json"));

    half.add("--coin");
    String sent = Json.tree(bytes(run(network, half))).path("transaction").asText();
    BigInteger after = network.chain().coins(requester);
    assertThat(before.subtract(after).subtract(gasWei(network, sent))).isEqualTo(wei(DEPOSIT / 2));
    half.remove("--coin");
    run(network, half);

    assertThat(balance(network, contracts.escrow())).isEqualTo(wei(DEPOSIT));
    LocalNetwork.await("both deposits", () -> available(network) == DEPOSIT);
    return network.chain().coins(requester);
  }

  /** And every token stands for a coin. */
  private static void hasTheRestBackInCoin(LocalNetwork network, BigInteger expected)
      throws IOException {
    Address requester = network.requester().address();
    String rest = Money.text(available(network)).replace(" OPEN", "");
    run(network, List.of("account", "withdraw", rest, "--to", requester.value()));
    LocalNetwork.await("the coin", () -> coins(network, requester).equals(expected));

    Contracts contracts = network.contracts();
    assertThat(available(network)).isZero();
    assertThat(network.chain().coins(contracts.escrow())).isZero();
    assertThat(network.chain().coins(contracts.token()))
        .isEqualTo(word(network, contracts.token().value(), "0x18160ddd"));
  }

  private static long available(LocalNetwork network) {
    return network.client().accounts().show(MemberProcess.DEVELOPMENT_TENANT).availableNanoOpen();
  }

  private static BigInteger coins(LocalNetwork network, Address account) {
    try {
      return network.chain().coins(account);
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    }
  }

  private static BigInteger gasWei(LocalNetwork network, String transaction) throws IOException {
    JsonNode receipt = network.chain().rpc().call("eth_getTransactionReceipt", transaction);
    return quantity(receipt, "gasUsed").multiply(quantity(receipt, "effectiveGasPrice"));
  }

  private static BigInteger quantity(JsonNode receipt, String field) {
    return new BigInteger(receipt.path(field).asText().substring(2), 16);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String run(LocalNetwork network, List<String> arguments) {
    return run(network, arguments.toArray(String[]::new));
  }

  /** It pays for one of the jobs, and no more than it may. */
  private static void givesAProgramAKeyOfItsOwn(LocalNetwork network, Workloads examples)
      throws IOException {
    JobSpec spec = job(examples);
    String cap = Money.text(spec.policy().limits().priceMaxNanoOpen()).replace(" OPEN", "");
    String token =
        run(
                network,
                "account",
                "keys",
                "issue",
                "laptop",
                "--scope",
                "jobs:write",
                "--spend-cap",
                cap)
            .strip();
    var program = OpenLedgerClient.connect(network.client().url(), token);
    program.jobs().submit(spec, "first");
    assertThatThrownBy(() -> program.jobs().submit(spec, "second"))
        .isInstanceOfSatisfying(
            MemberRefusal.class,
            refused -> assertThat(refused.code()).isEqualTo("insufficient-balance"));
    assertThat(run(network, "account", "keys")).contains("laptop", "jobs:write", cap);
    LocalNetwork.await("what the job came to to be counted", () -> laptopHasSpent(network));
    assertThat(run(network, "account", "keys", "revoke", "laptop")).doesNotContain("laptop");
    assertThatThrownBy(() -> program.jobs().submit(spec, "third"))
        .isInstanceOfSatisfying(
            MemberRefusal.class,
            refused -> assertThat(refused.code()).isEqualTo("unauthenticated"));
  }

  /** Its one job is over, and counts at what it cost. */
  private static boolean laptopHasSpent(LocalNetwork network) {
    return network.client().accounts().apiKeys(MemberProcess.DEVELOPMENT_TENANT).stream()
        .filter(key -> key.name().equals("laptop"))
        .anyMatch(key -> key.spentNanoOpen() > 0 && key.runningNanoOpen() == 0);
  }

  private static boolean claimable(LocalNetwork network) {
    EarningsStatement now = statement(network);
    return now.lines().size() == JOBS && now.earnedNanoOpen() == 0 && now.publishingNanoOpen() == 0;
  }

  private static EarningsStatement statement(LocalNetwork network) {
    return network.client().accounts().earnings(network.node(Cast.ADA).id().value());
  }

  private static BigInteger balance(LocalNetwork network, Address account) throws IOException {
    return network.chain().balance(network.contracts().token(), account);
  }

  private static BigInteger wei(long nanoOpen) {
    return BigInteger.valueOf(nanoOpen).multiply(BigInteger.valueOf(1_000_000_000));
  }

  /** Of the column of net amounts, of the rows that stand so. */
  private static long sum(String csv, String standing) {
    List<String> rows = csv.lines().toList();
    assertThat(rows.getFirst()).contains("net_nano_open,standing,");
    return rows.stream()
        .skip(1)
        .map(row -> row.split(","))
        .filter(row -> row[5].equals(standing))
        .mapToLong(row -> Long.parseLong(row[4]))
        .sum();
  }

  /** What the distributor paid an account: claimed(address). */
  private static BigInteger claimedWei(LocalNetwork network, Address owner) throws IOException {
    String data = "0xc884ef83" + "0".repeat(24) + owner.value().substring(2);
    return word(network, network.contracts().distributor().value(), data);
  }

  private static BigInteger word(LocalNetwork network, String contract, String data)
      throws IOException {
    String answer =
        network
            .chain()
            .rpc()
            .call("eth_call", Map.of("to", contract, "data", data), "latest")
            .asText();
    return new BigInteger(answer.substring(2), 16);
  }

  private static String run(LocalNetwork network, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var shell =
        new Shell(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of("OPENLEDGER_DATA_DIR", network.data().toString()),
            network.data(),
            null,
            false);
    assertThat(OpenLedger.run(shell, arguments)).as(err.toString(StandardCharsets.UTF_8)).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static JobSpec job(Workloads examples) throws IOException {
    JobSpec spec = examples.task("option-price", 0, "cheapest").spec();
    return new JobSpec(
        spec.name(),
        spec.labels(),
        spec.workload(),
        spec.tasks(),
        new Policy(
            spec.policy().objective(),
            new Policy.Limits(
                spec.policy().limits().priceMaxNanoOpen(), 600_000, List.of(), null, 0),
            new Policy.Verification(Policy.Method.TRUSTED, new Policy.Parameters(1, 3)),
            null));
  }
}
