package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
