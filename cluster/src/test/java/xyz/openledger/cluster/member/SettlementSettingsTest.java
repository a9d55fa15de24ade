package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.accounts.EarningsStatement;
import xyz.openledger.chainanchor.outbox.OutboxSettings;
import xyz.openledger.protocol.ProblemException;

class SettlementSettingsTest {
  @TempDir private Path data;

  @Test
  void aDevelopmentChainPaysOutOftenAndAnotherSeldom() {
    assertThat(SettlementSettings.from(configuration(), true).payoutInterval())
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(SettlementSettings.from(configuration(), false).payoutInterval())
        .isEqualTo(Duration.ofHours(1));
  }

  @Test
  void theDataDirectorysFileIsObeyed() throws Exception {
    Files.writeString(
        data.resolve("openledger.conf"), "openledger.settlement.payout-interval = 6h\n");

    assertThat(SettlementSettings.from(configuration(), false).payoutInterval())
        .isEqualTo(Duration.ofHours(6));
  }

  @Test
  void lessThanTheLeastIsNotWithdrawnWhereItCosts() {
    var settlement = SettlementSettings.from(configuration(), false);

    settlement.checkWithdrawal(1_000_000_000);
    assertThatThrownBy(() -> settlement.checkWithdrawal(999_999_999))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("1000000000 nano-OPEN");
    SettlementSettings.from(configuration(), true).checkWithdrawal(1);
  }

  @Test
  void aPriorityFeeAboveTheCapIsRefusedByName() throws Exception {
    Path file = data.resolve("openledger.conf");
    Files.writeString(file, "openledger.chain.priority-fee-gwei = 2\n");
    assertThat(SettlementSettings.from(configuration(), false).outbox().tipWei())
        .isEqualTo(2_000_000_000L);

    Files.writeString(file, "openledger.chain.priority-fee-gwei = 501\n");
    assertThatThrownBy(() -> SettlementSettings.from(configuration(), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("openledger.chain.priority-fee-gwei")
        .hasMessageContaining("501");
  }

  @Test
  void theJudgeIsAnAddressOrWhoeverDeploys() throws Exception {
    assertThat(SettlementSettings.from(configuration(), false).payouts().judge()).isNull();
    Path file = data.resolve("openledger.conf");
    String judge = "0x" + "a".repeat(40);

    Files.writeString(file, "openledger.chain.judge = \"%s\"\n".formatted(judge));
    assertThat(SettlementSettings.from(configuration(), false).payouts().judge())
        .hasToString(judge);
    Files.writeString(file, "openledger.chain.judge = somebody\n");
    assertThatThrownBy(() -> SettlementSettings.from(configuration(), false))
        .hasMessageContaining("openledger.chain.judge must be an address");
  }

  @Test
  void earningsAreToldToWaitForTheCloseOfAnEpochAndForItsTimeOfChallenge() {
    var settlement =
        new SettlementSettings(
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            Duration.ofHours(2),
            null,
            0,
            OutboxSettings.DEFAULT);
    var earned = new EarningsStatement("", "", 5, 7, 0, 0, 0, List.of());

    var held = new Holdings("0x" + "a".repeat(40), settlement).of(earned);

    assertThat(held.getFirst().withinMillis()).isEqualTo(Duration.ofHours(3).toMillis());
    assertThat(held.getLast().releasedBy()).contains("time of challenge");
    assertThat(held.getLast().withinMillis()).isNull();
  }

  @Test
  void nothingIsDoneAllTheTime() throws Exception {
    Files.writeString(data.resolve("openledger.conf"), "openledger.settlement.interval = 0s\n");

    assertThatThrownBy(() -> SettlementSettings.from(configuration(), false))
        .hasMessageContaining("must be positive");
  }

  @Test
  void aTypingErrorIsRefusedAtTheStart() throws Exception {
    Files.writeString(data.resolve("openledger.conf"), "openledger.setlement.interval = 1s\n");

    assertThatThrownBy(this::configuration).hasMessageContaining("openledger.setlement");
  }

  private Config configuration() {
    return MemberSystem.configuration(data, "127.0.0.1", 0);
  }
}
