package xyz.openledger.cluster.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LedgerCostTest {
  /** The dear row of what a development chain charged to the wei, for a payload of 300 bytes. */
  private static final LedgerCost.Inputs DEAR =
      new LedgerCost.Inputs(10_000, 0, 0, 0.001, 20, 1, 3_000);

  @Test
  void theDataFeeIsThatOfTheFormula() {
    // 200 bytes: 124.7144 × (16 × 20 × 5227 + 1014213) / 10⁶ gwei.
    assertThat(LedgerCost.dataGwei(DEAR, 200)).isCloseTo(335.0893, within(0.001));
    assertThat(LedgerCost.dataGwei(DEAR, 0))
        .as("never less than 100 bytes")
        .isCloseTo(268.6853, within(0.001));
  }

  @Test
  void aHundredCheckpointsServeAMillionJobs() {
    var checkpoints = LedgerCost.of(DEAR).getFirst();

    assertThat(checkpoints.transactions()).isEqualTo(100);
    assertThat(checkpoints.dollars())
        .isCloseTo(
            100 * (34.547 + LedgerCost.dataGwei(DEAR, checkpoints.bytesEach())) * 1e-9 * 3_000,
            within(1e-9));
    assertThat(checkpoints.dollars()).as("the goal, in dollars").isLessThan(0.15);
  }

  @Test
  void theGasIsThatOfTheContractsTable() throws IOException {
    String table = Files.readString(Path.of("../chain-anchor/contracts/README.md"));

    var rows = LedgerCost.of(new LedgerCost.Inputs(1, 20, 1, 1, 1, 1, 1));

    assertThat(table)
        .contains("| anchor a checkpoint | %,d |".formatted(rows.get(0).gasEach()))
        .contains(
            "| settle a voucher, in a batch of 20 | %,d |".formatted(rows.get(1).gasEach() / 20))
        .contains("| fund the distributor | %,d |".formatted(rows.get(2).gasEach()))
        .contains("| publish an epoch | %,d |".formatted(rows.get(3).gasEach()));
  }
}
