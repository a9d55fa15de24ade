package xyz.openledger.nodes.execution;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.nodes.execution.EndiveEngine.COMPILER;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome.Status;
import xyz.openledger.verification.gate.GateLimits;
import xyz.openledger.verification.gate.WasmGate;

class EndiveEngineTest {
  private static final byte[] NO_INPUT = new byte[0];

  @ParameterizedTest
  @EnumSource
  void passesInputArgumentsAndExitCode(EndiveEngine engine) {
    var execution =
        Programs.run(engine, "echo", Programs.request("hello, wörld".getBytes(UTF_8), "a", "b c"));

    assertThat(execution.status()).isEqualTo(Status.FINISHED);
    assertThat(execution.exitCode()).isEqualTo(2);
    assertThat(execution.output()).asString(UTF_8).isEqualTo("hello, wörld");
  }

  @Test
  void passesMoreInputThanOneRead() {
    byte[] input = new byte[1 << 20];
    new SplittableRandom(7).nextBytes(input);

    var execution = Programs.run(COMPILER, "echo", Programs.request(input));

    assertThat(execution.output()).isEqualTo(input);
  }

  /**
   * What the world looks like is part of what a task means: it may not change without anyone
   * noticing.
   */
  @ParameterizedTest
  @EnumSource
  void showsEveryProgramTheSameWorld(EndiveEngine engine) {
    var execution = Programs.run(engine, "world", Programs.request(NO_INPUT, "one", "zwölf"));

    assertThat(execution.output())
        .asString(UTF_8)
        .isEqualTo(
            """
            argument 0: task
            argument 1: one
            argument 2: zwölf
            environment: empty
            clock: 1767225600.000000000
            clock: 1767225600.001000000
            clock: 1767225600.002000000
            random: %s
            read of an unknown descriptor: -1, errno 8
            write to the input: -1, errno 8
            seek of the input: -1, errno 70
            read of the closed input: -1, errno 8
            """
                .formatted(TaskRandomTest.FIRST_40_BYTES));
    assertThat(execution.detail()).isEqualTo("a complaint\n");
  }

  @Test
  void givesAnotherTaskOtherRandomBytes() {
    var other = new ExecutionRequest(Digest.of(NO_INPUT), List.of(), NO_INPUT, Programs.LIMITS);

    assertThat(Programs.run(COMPILER, "world", other).output())
        .isNotEqualTo(Programs.run(COMPILER, "world", Programs.request(NO_INPUT)).output());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void compilerAndInterpreterAgreeOnEverything(long seed) {
    byte[] input = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(seed).array();

    var compiled = Programs.run(COMPILER, "mix", Programs.request(input));
    var interpreted = Programs.run(EndiveEngine.INTERPRETER, "mix", Programs.request(input));

    assertThat(compiled.status()).isEqualTo(Status.FINISHED);
    assertThat(compiled.outcome()).isEqualTo(interpreted.outcome());
  }

  static LongStream seeds() {
    Long seed = Long.getLong("seed");
    return seed != null ? LongStream.of(seed) : new SplittableRandom(20_261_122).longs(16);
  }

  @ParameterizedTest(name = "trap {0}")
  @MethodSource("trapNumbers")
  void meetsEveryTrapAlikeOnBothEngines(int number) {
    byte[] input = {(byte) number};

    var compiled = Programs.run(COMPILER, "traps", Programs.request(input));
    var interpreted = Programs.run(EndiveEngine.INTERPRETER, "traps", Programs.request(input));

    assertThat(compiled.status()).isEqualTo(number == 15 ? Status.FINISHED : Status.TRAPPED);
    assertThat(compiled.output()).isEmpty();
    assertThat(compiled.outcome()).isEqualTo(interpreted.outcome());
  }

  static IntStream trapNumbers() {
    return IntStream.rangeClosed(0, 15);
  }

  @ParameterizedTest
  @EnumSource
  void stopsAnEndlessLoopWhenItsFuelIsGone(EndiveEngine engine) {
    var limits = new ExecutionLimits(1_000_000, 1 << 20, 0);
    var request = new ExecutionRequest(Programs.TASK, List.of(), NO_INPUT, limits);

    var execution = Programs.run(engine, "endless", request);

    assertThat(execution.status()).isEqualTo(Status.FUEL_EXHAUSTED);
    assertThat(execution.fuelUsed()).isEqualTo(1_000_000);
  }

  @ParameterizedTest
  @EnumSource
  void endsARecursionBeforeTheStackDoes(EndiveEngine engine) {
    var execution = Programs.run(engine, "recurse", Programs.request(NO_INPUT));

    assertThat(execution.status()).isEqualTo(Status.TRAPPED);
    assertThat(execution.detail()).startsWith("calls nested too deep");
  }

  @ParameterizedTest
  @ValueSource(longs = {65_536, 1 << 20, 16 << 20, (16 << 20) + 1})
  void letsMemoryGrowToItsLimitAndNoFurther(long memoryMaxBytes) {
    var limits = new ExecutionLimits(50_000_000, memoryMaxBytes, 0);
    var request = new ExecutionRequest(Programs.TASK, List.of(), NO_INPUT, limits);

    var execution = Programs.run(COMPILER, "grow", request);

    assertThat(execution.status()).isEqualTo(Status.FINISHED);
    assertThat(execution.exitCode()).isEqualTo((int) (memoryMaxBytes / 65_536));
  }

  @Test
  void refusesToStartWithMoreMemoryThanTheLimit() {
    var limits = new ExecutionLimits(1_000, (4 << 20) - 1, 0);
    var request = new ExecutionRequest(Programs.TASK, List.of(), NO_INPUT, limits);

    var execution = Programs.run(COMPILER, "fat", request);

    assertThat(execution.status()).isEqualTo(Status.TRAPPED);
    assertThat(execution.fuelUsed()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void endsAProgramThatWritesTooMuch(EndiveEngine engine) {
    var execution = Programs.run(engine, "flood", Programs.request(NO_INPUT));

    assertThat(execution.status()).isEqualTo(Status.OUTPUT_EXCEEDED);
    assertThat(execution.output()).isEmpty();
  }

  @Test
  void dropsComplaintsBeyondTheirLimitAndSaysNothing() {
    var execution = Programs.run(COMPILER, "complain", Programs.request(NO_INPUT));

    assertThat(execution.status()).isEqualTo(Status.FINISHED);
    assertThat(execution.output()).asString(UTF_8).isEqualTo("word");
    assertThat(execution.detail()).hasSizeLessThanOrEqualTo(Execution.DETAIL_MAX);
  }

  @ParameterizedTest
  @EnumSource
  void takesTheExitCodeAndEndsThere(EndiveEngine engine) {
    var execution = Programs.run(engine, "exit", Programs.request(NO_INPUT));

    assertThat(execution.status()).isEqualTo(Status.FINISHED);
    assertThat(execution.exitCode()).isEqualTo(42);
  }

  @Test
  void runsLeaveNoTraceForOneAnother() {
    var module = Programs.load(COMPILER, "mix");
    byte[] input = {1, 2, 3, 4, 5, 6, 7, 8};

    var outcomes =
        IntStream.range(0, 20)
            .mapToObj(_ -> Programs.onDeepStack(() -> module.run(Programs.request(input))))
            .map(Execution::outcome)
            .distinct();

    assertThat(outcomes).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void faultsWhenItIsInterrupted(EndiveEngine engine) throws Exception {
    var module = Programs.load(engine, "endless");
    var limits = new ExecutionLimits(Long.MAX_VALUE, 1 << 20, 0);
    var fault = new AtomicReference<Exception>();
    var thread =
        new Thread(
            () -> {
              try {
                module.run(new ExecutionRequest(Programs.TASK, List.of(), NO_INPUT, limits));
              } catch (ExecutionFault e) {
                fault.set(e);
              }
            });

    thread.start();
    thread.interrupt();
    thread.join();

    assertThat(fault.get())
        .isInstanceOfSatisfying(
            ExecutionFault.class,
            e -> assertThat(e.reason()).isEqualTo(ExecutionFault.Reason.INTERRUPTED));
  }

  /** Too little stack is this machine's failure: it must never pass for the program's. */
  @ParameterizedTest
  @EnumSource
  void faultsOnAStackThatIsTooSmall(EndiveEngine engine) throws Exception {
    var module = Programs.load(engine, "recurse");
    var fault = new AtomicReference<Exception>();
    var thread =
        new Thread(
            null,
            () -> {
              try {
                module.run(Programs.request(NO_INPUT));
              } catch (ExecutionFault e) {
                fault.set(e);
              }
            },
            "shallow",
            256 << 10);

    thread.start();
    thread.join();

    assertThat(fault.get())
        .isInstanceOfSatisfying(
            ExecutionFault.class,
            e -> assertThat(e.reason()).isEqualTo(ExecutionFault.Reason.STACK_EXHAUSTED));
  }

  @ParameterizedTest
  @EnumSource
  void refusesAModuleThatHasNotBeenThroughTheGate(EndiveEngine engine) {
    assertThatThrownBy(() -> engine.load(Programs.submitted("echo")))
        .isInstanceOf(ExecutionFault.class)
        .hasMessageContaining("openledger_fuel");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void refusesGarbageAndNothingElseHappens(int seed) {
    var random = new SplittableRandom(seed);
    byte[] gated = WasmGate.admit(Programs.submitted("echo"), GateLimits.DEFAULT).bytes();

    for (int i = 0; i < 100; i++) {
      byte[] garbage = gated.clone();
      garbage[random.nextInt(garbage.length)] = (byte) random.nextInt();
      try {
        COMPILER.load(garbage);
      } catch (ExecutionFault e) {
        assertThat(e.reason()).isEqualTo(ExecutionFault.Reason.INVALID_MODULE);
      }
    }
  }

  /**
   * Asks for page after page and never looks at the answer.
   *
   * <pre>
   * (module (memory (export "memory") 1)
   *   (func (export "_start") (loop (drop (memory.grow (i32.const 1))) (br 0))))
   * </pre>
   */
  private static final byte[] ALLOCATOR =
      HexFormat.of()
          .parseHex(
              "0061736d01000000010401600000030201000503010001071302066d656d6f7279020006"
                  + "5f737461727400000a0e010c000340410140001a0c000b0b");

  @Test
  void tellsAProgramThatBurntItsFuelAskingForMemoryThatItWasRefusedMemory() throws Exception {
    var module = COMPILER.load(WasmGate.admit(ALLOCATOR, GateLimits.DEFAULT).bytes());
    var limits = new ExecutionLimits(1_000_000, 4 << 16, 0);

    var execution = module.run(new ExecutionRequest(Programs.TASK, List.of(), new byte[0], limits));

    assertThat(execution.status()).isEqualTo(Status.FUEL_EXHAUSTED);
    assertThat(execution.detail())
        .contains("refused more memory")
        .contains("may have 262144 (memoryMaxBytes");
  }
}
