package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.gate.Opcodes.*;

import org.junit.jupiter.api.Test;

/** Memory grows to the same page, and wild accesses trap, on every engine. */
class MemoryTest extends EngineAgreement {

  @Test
  void memoryGrowsToItsMaximumAndNoFurther() {
    var builder = new ModuleBuilder().memory(1, 9);
    int start =
        builder.function(
            ":",
            "",
            c -> {
              int[] asked = {3, 1_000_000, 6, -1, 5, 0};
              for (int i = 0; i < asked.length; i++) {
                c.constant(I32_CONST, i).constant(I32_CONST, asked[i]).op(MEMORY_GROW, 0);
                c.op(0x3A, 0).unsigned(0);
              }
            });

    var run = run(builder.start(start).build());

    assertThat(run.end()).isEqualTo("returned");
    assertThat(run.memory()).isEqualTo(memoryOf(9, 1, 255, 255, 255, 4, 9));
    assertThat(run.fuelUsed()).isEqualTo(6 * (3 + 64) + (1 + 3 + 5) * PAGE);
  }

  @Test
  void aMemoryWithoutMaximumStopsAtTheCap() {
    byte[] module =
        program(
            "",
            c ->
                c.constant(I32_CONST, 0)
                    .constant(I32_CONST, 8)
                    .op(MEMORY_GROW, 0)
                    .op(I32_STORE, 0)
                    .unsigned(0));
    byte[] gated = WasmGate.admit(module, GateLimits.DEFAULT.withMemoryPagesMax(8)).bytes();

    var run = runGated(gated);

    assertThat(run.memory()).isEqualTo(memoryOf(1, 255, 255, 255, 255));
  }

  @Test
  void aWildLengthOrOffsetTrapsWithoutTouchingMemory() {
    for (int length : new int[] {-1, Integer.MIN_VALUE, 65_537, 1 << 30}) {
      var run =
          run(
              program(
                  "",
                  c -> {
                    c.constant(I32_CONST, 8).constant(I32_CONST, 1).constant(I32_CONST, length);
                    Opcodes.write(c, MEMORY_FILL);
                    c.unsigned(0);
                  }));
      assertThat(run.end()).isEqualTo("trapped");
      assertThat(run.memory()).isEqualTo(memoryOf(1));
    }
    for (long offset : new long[] {65_535, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL}) {
      var run =
          run(
              program(
                  "",
                  c ->
                      c.constant(I32_CONST, 10)
                          .constant(I32_CONST, 1)
                          .op(I32_STORE, 0)
                          .unsigned(offset)));
      assertThat(run.end()).as("offset %d", offset).isEqualTo("trapped");
      assertThat(run.memory()).isEqualTo(memoryOf(1));
    }
  }

  @Test
  void manyValuesCrossBlocksAndFunctions() {
    var builder = new ModuleBuilder();
    int swap = builder.function("if:fi", "", c -> c.op(LOCAL_GET, 1).op(LOCAL_GET, 0).u8(RETURN));
    int start =
        builder.function(
            ":",
            "if",
            c -> {
              c.constant(I32_CONST, 9)
                  .u8(F32_CONST)
                  .bits(Float.floatToRawIntBits(2), 4)
                  .op(CALL, swap);
              c.op(LOCAL_SET, 0).op(LOCAL_SET, 1);
              c.constant(I32_CONST, 0).op(LOCAL_GET, 0).op(I32_STORE, 0).unsigned(0);
              c.constant(I32_CONST, 4).op(LOCAL_GET, 1).op(F32_STORE, 0).unsigned(0);
            });

    assertThat(run(builder.start(start).build()).memory())
        .isEqualTo(memoryOf(1, 9, 0, 0, 0, 0, 0, 0, 0x40));
  }
}
