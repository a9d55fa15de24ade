package xyz.openledger.nodes.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.nodes.execution.EndiveEngine.COMPILER;
import static xyz.openledger.nodes.execution.EndiveEngine.INTERPRETER;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Outcome.Status;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.dispute.Checkpoints;

class StateTraceTest {
  private static final ExecutionLimits ROOMY =
      new ExecutionLimits(50_000_000_000L, 1 << 22, 12 << 20);
  private static final byte[] INPUT = drawn(8 << 20);

  @Test
  void theOutputStaysWhatItWasAndTheProgramIsNotTold() {
    var plain = run(COMPILER, INPUT, ROOMY, "a");
    var traced = run(COMPILER, INPUT, ROOMY, "a", Workload.Wasm.CHECKPOINTS);

    var read = Checkpoints.read(traced.output()).orElseThrow();
    assertThat(read.output()).isEqualTo(plain.output());
    assertThat(traced.exitCode()).isEqualTo(plain.exitCode()).isEqualTo(1);
    assertThat(traced.fuelUsed()).isEqualTo(plain.fuelUsed());
    assertThat(read.checkpoints().all().getLast().fuelUsed()).isEqualTo(plain.fuelUsed());
    assertThat(Checkpoints.read(plain.output())).isEmpty();
  }

  @Test
  void everyEngineStandsAtTheSamePlaces() {
    var compiled = run(COMPILER, INPUT, ROOMY, Workload.Wasm.CHECKPOINTS);
    var interpreted = run(INTERPRETER, INPUT, ROOMY, Workload.Wasm.CHECKPOINTS);

    assertThat(compiled.output()).isEqualTo(interpreted.output());
    assertThat(trace(compiled).all()).hasSizeGreaterThan(2);
  }

  @Test
  void runsPartAtTheFirstCheckpointAfterTheByteThatDiffers() {
    byte[] other = INPUT.clone();
    other[other.length * 3 / 4] ^= 1;
    var one = trace(run(COMPILER, INPUT, ROOMY, Workload.Wasm.CHECKPOINTS));
    var two = trace(run(COMPILER, other, ROOMY, Workload.Wasm.CHECKPOINTS));

    var difference = one.firstDifference(two);

    assertThat(difference.index()).isGreaterThan(one.all().size() / 2);
    assertThat(one.all().subList(0, difference.index()))
        .isEqualTo(two.all().subList(0, difference.index()));
    assertThat(one.all().get(difference.index())).isNotEqualTo(two.all().get(difference.index()));
    assertThat(one.firstDifference(one).index()).isEqualTo(one.all().size());
  }

  @Test
  void aLongRunHasNoMoreCheckpointsThanAreAllowed() {
    var trace = trace(run(COMPILER, drawn(11 << 20), ROOMY, Workload.Wasm.CHECKPOINTS));

    assertThat(trace.all()).hasSizeBetween(3, Checkpoints.MOST);
  }

  @Test
  void checkpointsCountAsOutput() {
    var tight = new ExecutionLimits(50_000_000_000L, 1 << 22, 100 + 51);

    var execution = run(COMPILER, drawn(100), tight, Workload.Wasm.CHECKPOINTS);

    assertThat(execution.status()).isEqualTo(Status.OUTPUT_EXCEEDED);
    assertThat(run(COMPILER, drawn(99), tight, Workload.Wasm.CHECKPOINTS).status())
        .isEqualTo(Status.FINISHED);
  }

  private static Checkpoints trace(Execution execution) {
    return Checkpoints.read(execution.output()).orElseThrow().checkpoints();
  }

  private static Execution run(
      WasmEngine engine, byte[] input, ExecutionLimits limits, String... arguments) {
    return Programs.run(
        engine, "echo", new ExecutionRequest(Programs.TASK, List.of(arguments), input, limits));
  }

  private static byte[] drawn(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(7).nextBytes(bytes);
    return bytes;
  }
}
