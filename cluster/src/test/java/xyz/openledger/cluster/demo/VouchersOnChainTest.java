package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;

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
import xyz.openledger.chainanchor.evm.VoucherContract;
import xyz.openledger.cluster.cli.OpenLedger;
import xyz.openledger.cluster.cli.Shell;
import xyz.openledger.cluster.member.MemberProcess;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.KeyFile;

/** A requester that pays by vouchers: member, machine and chain are real. */
class VouchersOnChainTest {
  private static final long DEPOSIT = 10_000_000_000L;
  private static final int JOBS = 3;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @Test
  void aKeyThatIsAuthorisedOncePaysForManyJobsAndNoUnitTwice() throws Exception {
    Path data = folder.resolve("data");
    try (var network = new LocalNetwork(data, Programs.freePortBase())) {
      network.startMember(Cast.POOLS);
      network.startMachine(Cast.ADA);
      var examples = new Workloads(Demo.home().resolve("examples"), 600_000);
      examples.upload(network.client().blobs());
      network.deposit(DEPOSIT);
      network.awaitReady(1);
      String owner = data.resolve("keys/development-requester.pem").toString();

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
    }
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
    var err = new ByteArrayOutputStream();
    String[] arguments = Arrays.copyOf(new String[] {"account", "authorise"}, 2 + options.length);
    System.arraycopy(options, 0, arguments, 2, options.length);
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
