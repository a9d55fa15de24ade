package xyz.openledger.nodes.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.nodes.execution.ExecutionFault.Reason;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;

class OpenOrderTest {
  private static final Digest MODEL = Digest.of(new byte[] {1});

  private final List<Frame.Answer> answers = new ArrayList<>();
  private final AtomicInteger stopped = new AtomicInteger();
  private OpenOrder order;

  @BeforeEach
  void takes() {
    var limits = new ExecutionLimits(1, 1 << 20, 1 << 20);
    var request = new ExecutionRequest(MODEL, List.of(), new byte[0], limits);
    order = new OpenOrder(new Frame.Run(7, MODEL, 60_000, 1, request), answers::add);
  }

  @Test
  void whatWaitsIsCancelledAtOnce() {
    order.cancel();

    assertInterrupted();
    assertThat(order.prepares()).isFalse();
    assertThat(order.begins(stopped::incrementAndGet)).isFalse();
  }

  /** Or an agent would forget it, and nobody would notice that its preparation never ends. */
  @Test
  void whatIsBeingPreparedIsNotCalledOverBeforeItIs() {
    assertThat(order.prepares()).isTrue();

    order.cancel();

    assertThat(answers).isEmpty();
    assertThat(order.begins(stopped::incrementAndGet)).isFalse();
    assertThat(answers).isEmpty();
    order.answer(new Frame.Faulted(7, Reason.INTERRUPTED.name(), "stopped"));
    assertInterrupted();
  }

  @Test
  void whatWasCancelledWhileItWasPreparedDoesNotWaitAgain() {
    order.prepares();
    order.cancel();

    order.waits(stopped::incrementAndGet);

    assertInterrupted();
    assertThat(stopped).hasValue(1);
    assertThat(order.begins()).isFalse();
  }

  @Test
  void whatWasPreparedAndWaitsIsCancelledAtOnce() {
    order.prepares();
    order.waits(stopped::incrementAndGet);

    order.cancel();

    assertInterrupted();
    assertThat(stopped).hasValue(1);
  }

  private void assertInterrupted() {
    assertThat(answers)
        .singleElement()
        .isInstanceOfSatisfying(
            Frame.Faulted.class,
            faulted -> assertThat(faulted.reason()).isEqualTo(Reason.INTERRUPTED.name()));
  }
}
