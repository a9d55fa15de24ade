package xyz.openledger.cluster.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuctionBenchTest {
  @TempDir Path folder;

  @Test
  void clearsTheSameOrdersToTheSameTradesInEveryRound() throws Exception {
    var report =
        AuctionBench.run(
            new AuctionBench.Options(3_000, 100, 2, 1, 5, null, folder), progress -> {});
    var other =
        AuctionBench.run(
            new AuctionBench.Options(3_000, 100, 1, 0, 6, null, folder), progress -> {});

    assertThat(report.findings()).isEmpty();
    assertThat(report.rounds()).hasSize(2).allMatch(run -> run.trades() > 0);
    assertThat(report.ratio()).isZero();
    assertThat(other.replay()).isNotEqualTo(report.replay());
  }

  @Test
  void drawsOrdersOfWhichSomeCross() {
    var stream = OrderStream.of(10_000, 1);

    assertThat(Arrays.stream(stream.price())).allMatch(price -> price > 9_900 && price < 10_100);
    long crossing = 0;
    for (int i = 0; i < stream.size(); i++) {
      crossing += (stream.bid()[i] == (stream.price()[i] > 10_000)) ? 1 : 0;
    }
    assertThat(crossing).isBetween(800L, 1_200L);
  }
}
