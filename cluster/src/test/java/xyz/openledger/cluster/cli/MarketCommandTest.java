package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarketCommandTest {
  private static final String POOL = "pool-abcdefghijklmnopqrstuvwxya";
  private static final String MARKET =
      """
      {"pool":"%s","name":"hearth","resourceClass":"wasm","traded":["inference","wasm"],"clearingMillis":5000,
       "postedNanoOpen":"1100","lastNanoOpen":"1000","bidUnits":3,"bestBidNanoOpen":"1500",
       "askUnits":2,"bestAskNanoOpen":"900","reservableSlots":4,"reservedSlots":1,
       "clearings":[{"round":7,"priceNanoOpen":"1000","units":1,"bidUnits":2,"askUnits":3,
                     "atMillis":1700000000000}],
       "reservations":[]}
      """
          .formatted(POOL);

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
  void showsPostedPriceDepthAndClearings() {
    member.on("GET /api/v1/pools/" + POOL + "/market?class=wasm&clearings=10", 200, MARKET);

    var result = shell.run("market", "show", POOL);

    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .containsSubsequence(
            "hearth",
            "inference, wasm",
            "posted price",
            "0.000001100 OPEN",
            "3 leases, up to 0.000001500 OPEN",
            "2 leases, from 0.000000900 OPEN",
            "1 kept, 4 for sale",
            "0.000001000 OPEN");
  }

  @Test
  void showsTheHistoryOfAClassByTheHourAndRefusesAClassThatThereIsNot() {
    member.on(
        "GET /api/v1/pools/" + POOL + "/market?class=inference&clearings=1000",
        200,
        MARKET.replace("\"resourceClass\":\"wasm\"", "\"resourceClass\":\"inference\""));

    var result = shell.run("pool", "price", "history", POOL, "--class", "inference");

    assertThat(result.err()).isEmpty();
    assertThat(result.out()).containsSubsequence("CLEARINGS", "P50", "1", "0.000001000 OPEN");

    var unknown = shell.run("pool", "price", "history", POOL, "--class", "gold");
    assertThat(unknown.exitCode()).isNotZero();
    assertThat(unknown.err()).contains("must be one of wasm, matmul", "'gold'");
  }

  @Test
  void refusesAPeriodWithoutItsUnitAndAnAmountInAnother() {
    var period =
        shell.run("market", "reserve", POOL, "--slots", "1", "--period", "1h", "--max", "0.5");
    assertThat(period.err()).contains("'1h' is no duration", "PT1H");

    var amount =
        shell.run("market", "reserve", POOL, "--slots", "1", "--period", "PT1H", "--max", "5EUR");
    assertThat(amount.err()).contains("5EUR", "is no amount of OPEN");
    assertThat(period.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(amount.exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
