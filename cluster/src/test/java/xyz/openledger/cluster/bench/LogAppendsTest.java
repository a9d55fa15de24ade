package xyz.openledger.cluster.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.chainanchor.log.LmdbLogView;

class LogAppendsTest {
  @Test
  void everyReceiptThatItCountsStandsInTheLogOnTheDisk(@TempDir Path data) throws Exception {
    var rates = LogAppends.measure(data, 1, 300, 1);

    assertThat(rates).hasSize(1);
    assertThat(rates.getFirst().perSecond()).isPositive();
    assertThat(rates.getFirst().syncsPerSecond()).isPositive();
    try (var view = LmdbLogView.open(data.resolve("member/log"), 1L << 30)) {
      assertThat(view.size()).isEqualTo(600);
    }
  }
}
