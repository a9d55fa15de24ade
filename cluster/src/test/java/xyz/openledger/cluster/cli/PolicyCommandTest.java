package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.api.DryRun;
import xyz.openledger.protocol.json.Json;

class PolicyCommandTest {
  private static final String POLICY =
      """
      limits: {priceMax: 0.5 OPEN, deadline: PT1M, regions: [eu]}
      verification: {method: trusted}
      require: node.cores >= 8
      """;

  @TempDir Path folder;
  private final CannedMember member = new CannedMember();

  @AfterEach
  void stop() {
    member.close();
  }

  @Test
  void checksAPolicyWithoutAMember() throws Exception {
    var result = checked(POLICY);

    assertThat(result.out())
        .isEqualTo(
            """
            policy.yaml can be read; nothing in it contradicts itself
            - weights: cost 100 %
            - require `node.cores >= 8`: looked up, at no cost a node
            - regions, carbon and labels are what contributors declare; nothing attests them
            """);
    assertThat(result.exitCode()).isZero();
    assertThat(member.questions).isEmpty();
  }

  @Test
  void pointsAtTheCharacterThatIsWrong() throws Exception {
    var result = checked(POLICY.replace(">= 8", ">= 'eight'"));

    assertThat(result.err())
        .isEqualTo(
            """
            error: found no matching overload for '_>=_' applied to '(int, string)', at line 1, column 12
            | node.cores >= 'eight'
            | ...........^
            field: require
            try:   openledger policy check --help
            """);
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void saysWhichLimitsContradict() throws Exception {
    var result = checked(POLICY.replace("node.cores >= 8", "node.region == 'us'"));

    assertThat(result.err())
        .contains(
            "limits.regions eu and require `node.region == 'us'` at line 1, column 1 contradict one"
                + " another: no node can meet both");
    assertThat(result.exitCode()).isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void namesAWrongUnitAndAnUnknownField() throws Exception {
    assertThat(checked(POLICY.replace("0.5 OPEN", "0.5 EUR")).err())
        .contains("'EUR' is no unit of money here", "field: limits.priceMax");
    assertThat(checked(POLICY.replace("require", "requires")).err())
        .contains("unknown field; known here: capacity, limits", "field: requires");
    assertThat(checked(POLICY.replace("regions: [eu]", "dataClass: personal")).err())
        .contains("one of public, internal, confidential, restricted", "field: limits.dataClass");
  }

  @Test
  void saysWhatDataOfAClassNeed() throws Exception {
    assertThat(checked(POLICY.replace("regions: [eu]", "dataClass: confidential")).out())
        .contains(
            "confidential data need sandbox bubblewrap or container, a declared region, label"
                + " openledger.holds confidential or restricted; confidential data need reputation"
                + " 5000");
  }

  @Test
  void asksTheMemberWhichNodesFit() throws Exception {
    member.on(
        "POST /api/v1/jobs:dry-run", 200, new String(Json.write(dryRun()), StandardCharsets.UTF_8));
    Files.writeString(folder.resolve("policy.yaml"), POLICY);

    var result = TestShell.of(folder, member).run("policy", "check", "policy.yaml", "--nodes");

    assertThat(result.out())
        .isEqualTo(
            """
            policy.yaml can be read; nothing in it contradicts itself
            not feasible: 1 of 3 nodes of pool homes may run it, 1 of them now; 1 owner, 2 must agree
            CLAUSE   REMOVES  ALONE  CONDITION
            region         1      1
            require        1      2  node.cores >= 8
            the smallest change that would do:
              policy.require: node.cores >= 8 → node.cores >= 4
            costs at most 0.000000010 OPEN (p50) to 0.000000020 OPEN (p95) for 2 replicas; 0.500000000 OPEN is held
            a task runs at most 30 ms (p50) to 40 ms (p95)
            - weights: cost 100 %
            """);
    assertThat(result.exitCode()).isEqualTo(ExitCode.REFUSED);
    JobSpec asked = Json.read(member.questions.getFirst().body(), JobSpec.class);
    assertThat(asked.policy().require()).isEqualTo("node.cores >= 8");
  }

  @Test
  void printsTheSchemaThatIsPublished() throws Exception {
    var result = new TestShell(folder).run("policy", "schema");

    assertThat(result.out())
        .isEqualTo(
            Files.readString(
                Path.of(System.getProperty("openledger.home", ".."), "docs/policy.schema.json")));
  }

  @Test
  void aReadyPolicyIsTakenByItsName() throws Exception {
    Path ready = Files.createDirectories(folder.resolve("data/policies"));
    Files.writeString(
        ready.resolve("frugal.yaml"), "# Costs little. Much can go wrong.\n" + POLICY);
    var shell = TestShell.of(folder, member).set("OPENLEDGER_DATA_DIR", "data");

    assertThat(shell.run("policy", "list").out()).containsPattern("frugal +Costs little\\.\n");
    assertThat(shell.run("policy", "check", "frugal").exitCode()).isZero();
    assertThat(shell.run("policy", "check", "frugel").err())
        .contains("frugel is neither a file nor one of the ready policies: frugal")
        .contains("try:   openledger policy list");
    Files.writeString(folder.resolve("frugal"), "limits");
    assertThat(shell.run("policy", "check", "frugal").err())
        .as("a file of that name comes first")
        .contains("not JSON");
  }

  private TestShell.Result checked(String policy) throws Exception {
    Files.writeString(folder.resolve("policy.yaml"), policy);
    return TestShell.of(folder, member).run("policy", "check", "policy.yaml");
  }

  private static DryRun dryRun() {
    return new DryRun(
        false,
        PoolId.of("olga", "homes"),
        "homes",
        1,
        3,
        3,
        1,
        1,
        1,
        2,
        List.of(
            new DryRun.Effect("region", "", 1, 1),
            new DryRun.Effect("require", "node.cores >= 8", 1, 2)),
        new DryRun.Relaxation(
            List.of(new DryRun.Change("policy.require", "node.cores >= 8", "node.cores >= 4")),
            Json.read(
                """
                {"limits":{"priceMaxNanoOpen":"7","deadlineMillis":1000},
                 "verification":{"method":"trusted"}}\
                """,
                xyz.openledger.protocol.Policy.class),
            65_536),
        new DryRun.Quote(2, 10, 20, 500_000_000, 30, 40),
        new DryRun.Start(null, "unknown"),
        List.of("weights: cost 100 %"));
  }
}
