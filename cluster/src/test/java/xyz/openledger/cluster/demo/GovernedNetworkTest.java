package xyz.openledger.cluster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.pools.governance.GovernedRules;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.api.GovernanceView;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.json.Json;

/**
 * A member, its chain and a machine that takes only some jobs, all real, under rules that change.
 */
class GovernedNetworkTest {
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final String FIRST = "{'epoch':1,'weightFloors':{'carbon':20}}";
  private static final String BAN =
      "{'epoch':2,'classes':[{'name':'mining','labels':{'purpose':'mining'},'ruling':'banned'}]}";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  /** A machine of the demo that says which jobs it takes. */
  private record Choosy(String machine, String accept) implements Machine {
    @Override
    public String pool() {
      return Cast.ADA.pool();
    }

    @Override
    public Class<?> program() {
      return Cast.ADA.program();
    }

    @Override
    public List<String> join(String claim, String data) {
      var arguments = new ArrayList<>(Cast.ADA.join(claim, data));
      arguments.addAll(List.of("--name", machine, "--accept", accept));
      arguments.subList(2, 4).clear();
      return arguments;
    }
  }

  @Test
  void aBanHoldsFromTheNextJobOnAndSurvivesKill9() throws Exception {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("member"));
    Files.write(data.resolve("member/governance.json"), json(FIRST));
    try (var network = new LocalNetwork(data, Programs.freePortBase())) {
      network.startMember(Cast.POOLS);
      assertThat(network.client().network().governance().source()).isEqualTo("file");
      network.startMachine(new Choosy("choosy", "job.labels.tier == 'gold'"));
      var examples = new Workloads(Demo.home().resolve("examples"), 600_000);
      examples.upload(network.client().blobs());
      network.deposit(10_000_000_000L);
      network.awaitReady(1);
      JobSpec mining = job(examples, Map.of("purpose", "mining", "tier", "gold"));

      JobId running = network.client().jobs().submit(mining).job();
      GovernanceView ban = network.client().network().setGovernance(tree(BAN));

      assertThat(ban.epoch()).isEqualTo(2);
      assertThat(ban.ruleHash()).isEqualTo(GovernedRules.read(json(BAN)).hash());
      refusesMining(network, mining);
      assertThatThrownBy(() -> network.client().jobs().dryRun(mining))
          .hasMessageContaining("governance epoch 2 bans work of class mining");
      keepsTheRulesItWasAdmittedUnder(network, running);
      takesOnlyWhatTheMachineTakes(network, examples);

      network.killMember();
      network.startMember(Cast.POOLS);

      assertThat(network.client().network().governance().with(null))
          .isEqualTo(
              new GovernanceView(2, ban.ruleHash(), "operator", ban.sinceMillis(), ban.rules()));
      refusesMining(network, mining);
      assertThatThrownBy(() -> network.client().network().setGovernance(tree(FIRST)))
          .isInstanceOfSatisfying(
              MemberRefusal.class,
              refused -> {
                assertThat(refused.code()).isEqualTo(Problem.WRONG_STATE.code());
                assertThat(refused.detail()).startsWith("governance epoch 2 is in force");
              });
      refusesBadTermsAtJoin(network);
    }
  }

  private static void refusesMining(LocalNetwork network, JobSpec mining) {
    assertThatThrownBy(() -> network.client().jobs().submit(mining))
        .isInstanceOfSatisfying(
            MemberRefusal.class,
            refused -> {
              assertThat(refused.code()).isEqualTo("governance-forbids");
              assertThat(refused.detail())
                  .isEqualTo("governance epoch 2 bans work of class mining");
            });
  }

  private static void keepsTheRulesItWasAdmittedUnder(LocalNetwork network, JobId job) {
    JobDetail ended = ended(network, job);
    var first = GovernedRules.read(json(FIRST)).hash();
    assertThat(ended.job().state()).isEqualTo(JobState.SETTLED);
    assertThat(ended.governance()).isEqualTo(new JobDetail.GovernedBy(1, first));
    assertThat(network.client().jobs().explain(job.value()).reasons())
        .last()
        .isEqualTo("decided under governance epoch 1, rules " + first);
    LocalNetwork.await(
        "the receipt",
        () -> network.client().jobs().show(job.value()).job().receiptIndex() != null);
    JsonNode receipt = network.client().receipts().show(job.value()).document();
    assertThat(receipt.path("governanceEpoch").longValue()).isEqualTo(1);
    assertThat(receipt.path("ruleHash").textValue()).isEqualTo(first.toString());
  }

  private static void takesOnlyWhatTheMachineTakes(LocalNetwork network, Workloads examples)
      throws IOException {
    JobSpec silver = job(examples, Map.of("tier", "silver"));
    var prospect = network.client().jobs().dryRun(silver);
    assertThat(prospect.feasible()).isFalse();
    assertThat(prospect.clauses()).hasSize(1).allMatch(it -> it.clause().equals("terms"));

    JobId gold = network.client().jobs().submit(job(examples, Map.of("tier", "gold"))).job();
    assertThat(ended(network, gold).job().state()).isEqualTo(JobState.SETTLED);
  }

  /** The machine stops with an error that points at the character, and its claim stays good. */
  private static void refusesBadTermsAtJoin(LocalNetwork network) throws IOException {
    network.startMachine(new Choosy("confused", "job.cores > 4"));
    LocalNetwork.await(
        "the refusal", () -> read(network.log("confused")).contains("job has no field cores"));
    LocalNetwork.await(
        "the picture", () -> read(network.log("confused")).contains("| job.cores > 4"));
  }

  private static String read(Path log) {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static JobDetail ended(LocalNetwork network, JobId job) {
    var detail = new JobDetail[1];
    LocalNetwork.await(
        "the end of " + job,
        () -> {
          detail[0] = network.client().jobs().show(job.value(), WAIT);
          return detail[0].job().state().isFinal();
        });
    return detail[0];
  }

  /** One task of an example, run by one node, cheapest first. */
  private static JobSpec job(Workloads examples, Map<String, String> labels) throws IOException {
    JobSpec spec = examples.task("option-price", 0, "cheapest").spec();
    return new JobSpec(
        spec.name(),
        labels,
        spec.workload(),
        spec.tasks(),
        new Policy(
            spec.policy().objective(),
            new Policy.Limits(
                spec.policy().limits().priceMaxNanoOpen(), 600_000, List.of(), null, 0),
            new Policy.Verification(Policy.Method.TRUSTED, new Policy.Parameters(1, 3)),
            null));
  }

  private static JsonNode tree(String rules) {
    return Json.tree(json(rules));
  }

  private static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
