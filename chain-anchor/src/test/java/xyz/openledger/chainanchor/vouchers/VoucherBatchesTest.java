package xyz.openledger.chainanchor.vouchers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

class VoucherBatchesTest {
  private static final int MOST = 20;

  private final VoucherBatches batches = new VoucherBatches(MOST);

  @Test
  void groupsAsManyAsFitAndNamesAGroupByWhatIsInIt() {
    var groups = batches.of(1, vouchers(45));

    assertThat(groups.values()).extracting(List::size).containsExactly(20, 20, 5);
    assertThat(batches.of(1, vouchers(45))).as("all are on their way").isEmpty();
    assertThat(new VoucherBatches(MOST).of(1, vouchers(45)).keySet())
        .as("the same after a start")
        .isEqualTo(groups.keySet());
    assertThat(new VoucherBatches(MOST).of(2, vouchers(45)).keySet())
        .as("another round")
        .doesNotContainAnyElementsOf(groups.keySet());
  }

  /** As the chain does: a batch with a spoiler is refused, and another is settled whole. */
  @ParameterizedTest
  @CsvSource({"20, 7, 6", "45, 44, 6", "40, 0, 6", "1, 0, 2", "2, 1, 3"})
  void aSpoilerAloneIsLeftAfterAsManyRoundsAsItTakesToHalveABatch(
      int count, int spoiler, int rounds) {
    List<SignedVoucher> all = vouchers(count);
    Set<SignedVoucher> settled = new HashSet<>();
    for (int round = 0; round < rounds; round++) {
      List<SignedVoucher> left = new ArrayList<>(all);
      left.removeAll(settled);
      batches
          .of(1, left)
          .forEach(
              (name, batch) -> {
                if (batch.contains(all.get(spoiler))) {
                  batches.refused(name);
                } else {
                  settled.addAll(batch);
                  batches.over(name);
                }
              });
    }

    assertThat(settled).hasSize(count - 1).doesNotContain(all.get(spoiler));
    assertThat(batches.open()).isEmpty();
    assertThat(batches.of(1, List.of(all.get(spoiler)))).as("it is not tried again").isEmpty();
    assertThat(batches.of(2, List.of(all.get(spoiler)))).as("but in the next round").hasSize(1);
  }

  private static List<SignedVoucher> vouchers(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new SignedVoucher(
                    new Voucher(
                        Address.parse("0x%040x".formatted(i + 1)),
                        PoolId.of("operator", "hearth"),
                        10),
                    "00".repeat(65)))
        .toList();
  }
}
