package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeCommandTest {
  private static final String OWNER = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
  private static final String POOL = "pool-" + "a".repeat(26);
  private static final String CLAIM =
      "{\"code\":\"olc1-secret\",\"pool\":\"%s\",\"owner\":\"%s\",\"expiresAtMillis\":1795370195325}"
          .formatted(POOL, OWNER);

  @TempDir Path folder;
  private final CannedMember member = new CannedMember();
  private static final String DETAIL =
      """
      {"node":{"id":"%s","name":"eve","owner":"%s","pool":"%s","standing":"ready",\
      "connected":true,"slots":1,"leased":0,"reputation":2500,"priceNanoOpenPerGigafuel":"1",\
      "region":"","carbonGramsPerKwh":0,"fuelPerCpuSecond":"1000","roundTripMicros":5,\
      "sandbox":"none","stakeNanoOpen":"0"},"transportKey":"00","resultKey":"02",\
      "quietHours":"","labels":{},"memoryMaxBytesPerSlot":1024,"watts":0,"against":%s}
      """;

  private TestShell shell;

  @BeforeEach
  void start() {
    shell = TestShell.of(folder, member);
  }

  @AfterEach
  void stop() {
    member.close();
  }

  @Test
  void makesACodeAndSaysWhatToTypeOnTheMachineThatJoins() {
    member.on("POST /api/v1/claims", 201, CLAIM);

    var result = shell.run("node", "claim", "pool-aaaaaa", "--owner", OWNER, "--minutes", "5");

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .startsWith("olc1-secret\n")
        .contains("./openledger node join olc1-secret");
    assertThat(result.exitCode()).isZero();
    assertThat(member.questions).hasSize(1);
    assertThat(member.questions.getFirst().body())
        .contains("\"pool-aaaaaa\"", "\"" + OWNER + "\"", "300");
  }

  @Test
  void asksForAnOwnerAndForMinutesThatACodeMayBeGood() {
    var nobody = shell.run("node", "claim", "pool-aaaaaa");
    var stranger = shell.run("node", "claim", "pool-aaaaaa", "--owner", "ada");
    var tooLong = shell.run("node", "claim", "pool-aaaaaa", "--owner", OWNER, "--minutes", "16");

    assertThat(nobody.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(nobody.err()).contains("--owner");
    assertThat(stranger.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(stranger.err()).contains("ada");
    assertThat(tooLong.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(tooLong.err()).contains("1 to 15 minutes, not 16");
    assertThat(member.questions).isEmpty();
  }

  @Test
  void showsWhatStandsAgainstANodeAndWhatThereIsToDo() {
    String node = "node-" + "a".repeat(26);
    String against =
        "[{\"kind\":\"contradiction\",\"receipt\":\"job-%s\",\"file\":\"f\",\"seenAtMillis\":5}]"
            .formatted("a".repeat(26));
    member.on("GET /api/v1/nodes/" + node, 200, DETAIL.formatted(node, OWNER, POOL, against));

    var text = shell.run("node", "show", node);
    var json = shell.run("node", "show", node, "-o", "json");

    assertThat(text.err()).isEmpty();
    assertThat(text.out())
        .contains("contradiction (receipt of job-" + "a".repeat(26) + ")")
        .contains("openledger dispute evidence", "may appeal", "accepted work");
    assertThat(json.out()).contains("\"against\"", "\"contradiction\"");
  }

  @Test
  void findsAPoolByItsName() {
    member.on(
        "GET /api/v1/pools?limit=200",
        200,
        "{\"items\":[{\"id\":\"%s\",\"name\":\"hearth\",\"nodes\":2,\"slots\":2,\"leased\":0,\"queued\":0}]}"
            .formatted(POOL));
    member.on("POST /api/v1/claims", 201, CLAIM);

    var found = shell.run("node", "claim", "hearth", "--owner", OWNER);
    var missed = shell.run("node", "claim", "heart", "--owner", OWNER);

    assertThat(found.err()).isEmpty();
    assertThat(member.questions.get(1).body()).contains(POOL);
    assertThat(missed.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(missed.err()).contains("there is no pool named heart", "openledger pool list");
  }

  @Test
  void takesANameForANodeAndSaysWhenNoNodeHasIt() {
    member.on("GET /api/v1/nodes?limit=200", 200, "{\"items\":[],\"cursor\":\"\"}");

    var result = shell.run("node", "show", "nobody");

    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("no node is called nobody", "openledger node list");
  }
}
