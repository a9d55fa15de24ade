package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.EarningsStatement;
import xyz.openledger.protocol.api.EarningsStatement.Line;
import xyz.openledger.protocol.api.EarningsStatement.Standing;

class EarningsTextTest {
  private static EarningsStatement statement(@Nullable Long claimed) {
    var paid =
        new Line(
            JobId.of(TenantId.parse("ada"), "key"),
            "r0",
            40,
            2,
            Standing.CLAIMED,
            3,
            "",
            null,
            null,
            null);
    var owner = Address.parse("0x" + "a".repeat(40));
    return new EarningsStatement(null, owner, 70, 0, 0, 0, List.of(paid), claimed, null, null);
  }

  private static List<String> earlier(EarningsStatement statement) {
    return EarningsText.csv(statement).lines().filter(row -> row.startsWith(",earlier")).toList();
  }

  @Test
  void rowsOfAStandingAddUpToWhatTheStatementSays() {
    assertThat(earlier(statement(100L)))
        .containsExactly(
            ",earlier,,,70,earned,,,,,nobody can say", ",earlier,,,60,claimed,,,,,was claimed");
  }

  @Test
  void aMemberThatDoesNotSayWhatWasClaimedBringsNoRowOfIt() {
    assertThat(earlier(statement(null))).containsExactly(",earlier,,,70,earned,,,,,nobody can say");
  }
}
