package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiptLogCommandTest {
  private static final String LOG =
      """
      {"origin": "openledger.xyz/log/test", "key": "openledger.xyz/log/test+00+key", "size": 20,
       "sealedSize": 20, "quorum": 0, "witnessedSize": 0, "minedSize": 20, "safeSize": 20,
       "finalSize": 20, "chainReachable": true, "witnesses": []%s}
      """;
  private static final String SPENT =
      """
      , "spent": {"anchors": 2, "receipts": 20, "gas": 69094, "feeWei": "1696755280944",
                  "l1FeeWei": "%s", "operatorFeeWei": "%s"}
      """;

  private final CannedMember member = new CannedMember();

  @AfterEach
  void stop() {
    member.close();
  }

  @Test
  void tellsWhatARollupChargedForTheAnchors() {
    String out = log(SPENT.formatted("1627635899262", "20345470"));

    assertThat(out)
        .contains("20 receipts by 2 transactions, 69,094 gas, 3,454 a receipt")
        .contains("0.000001696755280944 of the chain's coin")
        .contains("0.000001627635899262 of the chain's coin")
        .contains("0.00000000002034547 of the chain's coin");
  }

  @Test
  void tellsNothingOfARollupWhereThereIsNone() {
    assertThat(log(SPENT.formatted("0", "0"))).contains("69,094 gas").doesNotContain("L1 data");
  }

  @Test
  void tellsNoCostThatNobodySaid() {
    assertThat(log("")).contains("final").doesNotContain("gas");
  }

  @Test
  void tellsWhatStandsStillAndWhatToDo() {
    String out = log(", \"standstills\": [{\"id\": \"anchor-20\", \"reason\": \"send coins\"}]");

    assertThat(out).containsPattern("anchor-20 waits +send coins");
  }

  private String log(String spent) {
    member.on("GET /api/v1/log", 200, LOG.formatted(spent));
    var result = TestShell.of(Path.of(""), member).run("receipt", "log");
    assertThat(result.err()).isEmpty();
    return result.out();
  }
}
