package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.gate.Opcodes.*;

import org.junit.jupiter.api.Test;

/** Recursion ends by the counter, at the same call on every engine, before any stack does. */
class CallDepthTest extends EngineAgreement {

  @Test
  void endlessRecursionEndsByDepthBeforeTheStackDoes() {
    var run = run(program("", c -> c.op(CALL, 0)));

    int slots = FuelSchedule.frameSlots(0, 0);
    long frames = GateLimits.DEFAULT.stackSlotsMax() / slots;
    assertThat(run.end()).isEqualTo("trapped");
    assertThat(run.state()).isEqualTo(GatedModule.STATE_STACK_EXHAUSTED);
    assertThat(run.fuelUsed()).isEqualTo(PAGE + 4 * frames);
  }

  @Test
  void recursionThroughATableEndsByDepth() {
    var builder = new ModuleBuilder().table(1).elements(0, 0);
    int start =
        builder.function(
            ":", "l".repeat(40), c -> c.constant(I32_CONST, 0).ops(CALL_INDIRECT, 0, 0));

    assertThat(run(builder.start(start).build()).state())
        .isEqualTo(GatedModule.STATE_STACK_EXHAUSTED);
  }

  @Test
  void functionsThatCallOneAnotherInACircleEndByDepthAndOthersPayNothing() {
    // Two that call one another, one of them through the table; the third calls them.
    var builder = new ModuleBuilder().table(1).elements(0, 1);
    int first = builder.function(":", "", c -> c.constant(I32_CONST, 0).ops(CALL_INDIRECT, 0, 0));
    builder.function(":", "iiii", c -> c.op(CALL, first));
    int start = builder.function(":", "l".repeat(1_000), c -> c.op(CALL, first));

    var run = run(builder.start(start).build());

    int slots = GateLimits.DEFAULT.stackSlotsMax() - FuelSchedule.frameSlots(1_000, 0);
    int circle = FuelSchedule.frameSlots(0, 1) + FuelSchedule.frameSlots(4, 0);
    int circles = slots / circle;
    boolean half = slots % circle >= FuelSchedule.frameSlots(0, 1);
    assertThat(run.state()).isEqualTo(GatedModule.STATE_STACK_EXHAUSTED);
    // The entry, its call; a circle is 9 for the call through the table and 4 for the other.
    assertThat(run.fuelUsed()).isEqualTo(PAGE + 1_000 / 8 + 4 + circles * 13L + (half ? 9 : 0));
  }

  @Test
  void recursionWithManyLocalsAndArgumentsEndsByDepth() {
    var builder = new ModuleBuilder();
    String parameters = "l".repeat(60);
    int deep =
        builder.function(
            parameters + ":",
            "d".repeat(2_000),
            c -> {
              for (int i = 0; i < 60; i++) {
                c.op(LOCAL_GET, i);
              }
              c.op(CALL, 0);
            });
    int start =
        builder.function(
            ":",
            "",
            c -> {
              for (int i = 0; i < 60; i++) {
                c.constant(I64_CONST, i);
              }
              c.op(CALL, deep);
            });

    assertThat(run(builder.start(start).build()).state())
        .isEqualTo(GatedModule.STATE_STACK_EXHAUSTED);
  }

  @Test
  void depthIsGivenBackOnEveryWayOut() {
    // A hundred thousand calls in a row, each leaving by another way, stay at depth one.
    var builder = new ModuleBuilder();
    int other = builder.function(":", "", c -> {});
    int callee =
        builder.function(
            "i:i",
            "",
            c -> {
              c.op(CALL, other).op(LOCAL_GET, 0).constant(I32_CONST, 1).u8(I32_AND);
              c.ops(IF, EMPTY_BLOCK).constant(I32_CONST, 5).ops(RETURN, END);
              c.constant(I32_CONST, 6).op(LOCAL_GET, 0).constant(I32_CONST, 2).u8(I32_AND);
              c.op(BR_IF, 0).u8(DROP).constant(I32_CONST, 7);
            });
    int start =
        builder.function(
            ":", "i", c -> countTo(c, 100_000, () -> c.op(LOCAL_GET, 0).op(CALL, callee).u8(DROP)));

    assertThat(run(builder.start(start).build(), 100_000_000).end()).isEqualTo("returned");
  }
}
