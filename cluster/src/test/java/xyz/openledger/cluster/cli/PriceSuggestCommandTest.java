package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceSuggestCommandTest {
  private static final String NODE = "node-" + "a".repeat(26);
  private static final String[] BY_HAND = {
    "pool",
    "price",
    "suggest",
    "--electricity",
    "0.30",
    "--open-value",
    "0.05",
    "--watts",
    "100",
    "--speed",
    "1000000000",
    "--slots",
    "2",
    "--hardware",
    "876",
    "--years",
    "1",
    "--idle-watts",
    "20",
    "--fee",
    "10"
  };

  @TempDir Path folder;
  private final CannedMember member = new CannedMember();
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
  void printsTheReckoningLineByLineAndSaysThatItKnowsNoPrices() {
    member.on("GET /api/v1/jobs?state=settled&limit=200", 200, "{\"items\":[],\"cursor\":\"\"}");

    var result = shell.run(BY_HAND);

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .containsSubsequence(
            "electricity of an hour of work",
            "100 W × 0.30 / 1000",
            "0.03",
            "depreciation",
            "876.00 / (365 days × 24 h × 50 %)",
            "0.20",
            "an hour of work costs",
            "0.236",
            "break-even",
            "0.000728400 OPEN",
            "with your margin",
            "0.000874080 OPEN",
            "no recent prices: no settled job is to be seen",
            "Suggested price per 10^9 fuel: 0.000874080 OPEN (break-even with your margin)");
  }

  @Test
  void reckonsWithoutAMemberToo() {
    var result = new TestShell(folder).set("OPENLEDGER_URL", "http://127.0.0.1:1").run(BY_HAND);

    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("no recent prices: no member answers", "Suggested price", "0.000874080 OPEN");
  }

  @Test
  void asksTheMemberWhatTheNodeIsAndSaysWhatItDidNotDeclare() {
    member.on("GET /api/v1/nodes/node-aaaaaa", 200, node(0));
    var undeclared =
        shell.run(
            "pool",
            "price",
            "suggest",
            "node-aaaaaa",
            "--electricity",
            "0.3",
            "--open-value",
            "0.05");
    member.on("GET /api/v1/nodes/node-aaaaaa", 200, node(65));
    member.on("GET /api/v1/jobs?state=settled&limit=200", 200, "{\"items\":[],\"cursor\":\"\"}");
    var declared =
        shell.run(
            "pool",
            "price",
            "suggest",
            "node-aaaaaa",
            "--electricity",
            "0.3",
            "--open-value",
            "0.05");

    assertThat(undeclared.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(undeclared.err()).contains("did not declare its power", "--watts");
    assertThat(declared.out()).contains("65 W × 0.30", "250,000,000 fuel/s × 4 slots");
  }

  @Test
  void saysWhatIsMissingOrCannotBe() {
    var bare = shell.run("pool", "price", "suggest", "--electricity", "0.3", "--open-value", "1");
    var worthless =
        shell.run(
            "pool",
            "price",
            "suggest",
            "--electricity",
            "0.3",
            "--open-value",
            "0",
            "--watts",
            "1",
            "--speed",
            "1000000",
            "--slots",
            "1");

    assertThat(bare.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(bare.err()).contains("its watts, speed and slots must be given");
    assertThat(worthless.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(worthless.err()).contains("openValue");
  }

  static String node(int watts) {
    return """
    {"node":{"id":"%s","name":"ada","owner":"0x%s","pool":"pool-%s","standing":"ready",
      "connected":true,"slots":4,"leased":0,"reputation":5000,"priceNanoOpenPerGigafuel":"1",
      "region":"eu","carbonGramsPerKwh":1,"fuelPerCpuSecond":"250000000","roundTripMicros":1,
      "sandbox":"bubblewrap","stakeNanoOpen":"0"},
     "transportKey":"","resultKey":"","quietHours":"","labels":{},"memoryMaxBytesPerSlot":1,
     "watts":%d}\
    """
        .formatted(NODE, "0".repeat(40), "q".repeat(26), watts);
  }
}
