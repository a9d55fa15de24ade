package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.gate.Opcodes.*;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;

/** What is charged, when it is noticed, and that every engine charges the same. */
class FuelTest extends EngineAgreement {

  @Test
  void aProgramIsChargedItsInstructions() {
    // Three instructions of 1 and one page of memory; what the gate's own code does is free.
    var run =
        run(
            program(
                "",
                c -> c.constant(I32_CONST, 0).constant(I32_CONST, 7).op(I32_STORE, 2).unsigned(0)));

    assertThat(run).isEqualTo(new Run("returned", PAGE + 3, 0, memoryOf(1, 7), Digest.of().hex()));
  }

  @Test
  void anEndlessLoopEndsWhenItsFuelDoes() {
    var run = run(program("", c -> c.ops(LOOP, EMPTY_BLOCK).op(BR, 0).u8(END)));

    assertThat(run.end()).isEqualTo("trapped");
    assertThat(run.state()).isEqualTo(GatedModule.STATE_FUEL_EXHAUSTED);
    assertThat(run.fuelUsed()).isEqualTo(FUEL);
  }

  @Test
  void anEmptyLoopAroundABlockEndsToo() {
    var run =
        run(
            program(
                "",
                c ->
                    c.ops(LOOP, EMPTY_BLOCK, BLOCK, EMPTY_BLOCK, BLOCK, EMPTY_BLOCK)
                        .op(BR, 2)
                        .ops(END, END, END)));

    assertThat(run.state()).isEqualTo(GatedModule.STATE_FUEL_EXHAUSTED);
  }

  @Test
  void exactlyEnoughFuelIsEnoughAndOneLessIsNot() {
    byte[] module = program("", c -> c.ops(NOP, NOP).constant(I32_CONST, 1).u8(DROP));

    assertThat(run(module, PAGE + 2).end()).isEqualTo("returned");
    assertThat(run(module, PAGE + 1).state()).isEqualTo(GatedModule.STATE_FUEL_EXHAUSTED);
    assertThat(run(module, 0).state()).isEqualTo(GatedModule.STATE_FUEL_EXHAUSTED);
  }

  @Test
  void bulkOperationsAreChargedByLengthAndEndedByFuel() {
    Consumer<ByteWriter> fill =
        c -> {
          c.constant(I32_CONST, 0).constant(I32_CONST, 1).constant(I32_CONST, 65_536);
          Opcodes.write(c, MEMORY_FILL);
          c.unsigned(0);
        };

    assertThat(run(program("", fill)).fuelUsed()).isEqualTo(PAGE + 3 + 16 + 65_536 / 8);
    assertThat(run(program("", fill), PAGE + 5_000).state())
        .isEqualTo(GatedModule.STATE_FUEL_EXHAUSTED);
  }

  @Test
  void aStartSectionRunsUnderTheSameMetersAsStart() {
    var builder = new ModuleBuilder();
    int first =
        builder.function(
            ":", "", c -> c.constant(I32_CONST, 0).constant(I32_CONST, 1).op(0x3A, 0).unsigned(0));
    int second =
        builder.function(
            ":",
            "",
            c ->
                c.constant(I32_CONST, 1)
                    .constant(I32_CONST, 0)
                    .op(0x2D, 0)
                    .unsigned(0)
                    .op(0x3A, 0)
                    .unsigned(0));

    var run = run(builder.startSection(first).start(second).build());

    assertThat(run)
        .isEqualTo(new Run("returned", PAGE + 3 + 4, 0, memoryOf(1, 1, 1), Digest.of().hex()));
  }

  @Test
  void hostCallsAreMeteredAlsoThroughTheTable() {
    var builder = new ModuleBuilder().table(1).elements(0, 0);
    int yield = builder.host(HostFunction.SCHED_YIELD);
    int type = builder.type(":i");
    int start =
        builder.function(
            ":",
            "",
            c ->
                c.op(CALL, yield)
                    .u8(DROP)
                    .constant(I32_CONST, 0)
                    .op(CALL_INDIRECT, type)
                    .u8(0)
                    .u8(DROP));

    var run = run(builder.start(start).build());

    assertThat(run.end()).isEqualTo("returned");
    assertThat(run.fuelUsed()).isEqualTo(PAGE + 4 + 1 + 1 + 8 + 1 + 2 * 256);
  }

  @Test
  void writingIsChargedByBufferAndByByteAndExitKeepsTheCode() {
    byte[] text = "thirty-two bytes of the output.\n".getBytes(StandardCharsets.UTF_8);
    var builder = new ModuleBuilder();
    int write = builder.host(HostFunction.FD_WRITE);
    int exit = builder.host(HostFunction.PROC_EXIT);
    int start =
        builder.function(
            ":",
            "",
            c -> {
              c.constant(I32_CONST, 1).constant(I32_CONST, 0).constant(I32_CONST, 1);
              c.constant(I32_CONST, 128).op(CALL, write).u8(DROP);
              c.constant(I32_CONST, 3).op(CALL, exit);
            });
    byte[] buffers = new ByteWriter(8).bits(64, 4).bits(text.length, 4).toBytes();

    var run = run(builder.data(0, buffers).data(64, text).start(start).build());

    assertThat(run.end()).isEqualTo("exit 3");
    assertThat(run.output()).isEqualTo(Digest.of(text).hex());
    assertThat(run.fuelUsed()).isEqualTo(PAGE + 4 + 4 + 1 + 1 + 4 + 256 + 16 + 32 / 8 + 256);
  }

  @Test
  void randomBytesAreChargedOneByOneBeforeTheyAreMade() {
    var builder = new ModuleBuilder();
    int random = builder.host(HostFunction.RANDOM_GET);
    int start =
        builder.function(
            ":",
            "",
            c -> c.constant(I32_CONST, 0).constant(I32_CONST, 40_000).op(CALL, random).u8(DROP));
    byte[] module = builder.start(start).build();

    assertThat(run(module).fuelUsed()).isEqualTo(PAGE + 7 + 256 + 40_000);
    assertThat(run(module, PAGE + 30_000).memory()).as("nothing was made").isEqualTo(memoryOf(1));
  }

  @Test
  void callsThatCannotReachTheHostAreChargedInFullBeforeItIsCalled() {
    var builder = new ModuleBuilder();
    int exit = builder.host(HostFunction.PROC_EXIT);
    int helper =
        builder.function(
            "i:",
            "",
            c -> {
              c.op(LOCAL_GET, 0).constant(I32_CONST, 1).u8(I32_AND);
              c.ops(IF, EMPTY_BLOCK).constant(I32_CONST, 0).ops(DROP, END);
            });
    int start =
        builder.function(
            ":",
            "i",
            c -> {
              countTo(c, 100, () -> c.op(LOCAL_GET, 0).op(CALL, helper));
              c.constant(I32_CONST, 0).op(CALL, exit);
            });

    var run = run(builder.start(start).build());

    // A turn is 12 and the helper 4, in every second turn 6; then the exit.
    assertThat(run.fuelUsed()).isEqualTo(PAGE + 100 * 12 + 50 * (4 + 6) + 5 + 256);
  }

  @Test
  void aChainOfCallsThatDoublesWithoutLoopOrRecursionEndsByFuel() {
    var builder = new ModuleBuilder();
    for (int i = 0; i < 60; i++) {
      int next = i + 1;
      builder.function(
          ":",
          "i",
          c -> c.op(CALL, next).op(LOCAL_GET, 0).ops(IF, EMPTY_BLOCK, END).op(CALL, next));
    }
    builder.function(":", "", c -> {});

    assertThat(run(builder.start(0).build()).state()).isEqualTo(GatedModule.STATE_FUEL_EXHAUSTED);
  }

  @Test
  void theFuelIsExactAtEveryCallOfTheHost() {
    // proc_exit from inside a loop: what the loop has gathered until then is charged.
    var builder = new ModuleBuilder();
    int exit = builder.host(HostFunction.PROC_EXIT);
    int start =
        builder.function(
            ":",
            "i",
            c ->
                countTo(
                    c,
                    1_000,
                    () -> {
                      c.op(LOCAL_GET, 0).constant(I32_CONST, 99).u8(0x46).ops(IF, EMPTY_BLOCK);
                      c.constant(I32_CONST, 0).op(CALL, exit).u8(END);
                    }));

    var run = run(builder.start(start).build());

    // 99 whole turns of 4 + 7, then the head of the hundredth (4), the exit (5) and its host part.
    assertThat(run.fuelUsed()).isEqualTo(PAGE + 99 * (4 + 7) + 4 + 5 + 256);
  }
}
