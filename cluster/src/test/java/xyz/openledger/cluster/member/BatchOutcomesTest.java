package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.anchor.AnchorMessage.RowReply;
import xyz.openledger.chainanchor.vouchers.VoucherBatches;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

class BatchOutcomesTest {
  private final VoucherBatches batches = new VoucherBatches(1);
  private final BatchOutcomes outcomes = new BatchOutcomes(batches);
  private final List<String> asked = new ArrayList<>();

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

  @Test
  void anAnchorerThatDoesNotAnswerIsAskedOnceAndHoldsNothingUp() {
    List<String> names = List.copyOf(batches.of(1, vouchers(3)).keySet());

    assertThat(outcomes.refused(this::silence)).isFalse();
    assertThat(asked).hasSize(1);
    assertThat(batches.open()).as("asked again at the next look").isEqualTo(names);

    assertThat(
            outcomes.refused(
                name ->
                    CompletableFuture.completedStage(
                        new RowReply(name, null, !name.equals(names.get(1)), null))))
        .as("the second was refused")
        .isTrue();
    assertThat(batches.open()).isEmpty();
  }

  private CompletableFuture<RowReply> silence(String name) {
    asked.add(name);
    return CompletableFuture.failedFuture(new TimeoutException("no answer"));
  }

  @Test
  void anotherFailureIsNotTakenForSilence() {
    batches.of(1, vouchers(1));

    assertThatThrownBy(
            () -> outcomes.refused(_ -> CompletableFuture.failedFuture(new ArithmeticException())))
        .isInstanceOf(CompletionException.class);
  }
}
