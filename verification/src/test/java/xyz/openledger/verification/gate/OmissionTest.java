package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.gate.Opcodes.*;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** A gate with something left out is noticed by the very checks that the other tests make. */
class OmissionTest {

  private static Run run(byte[] module, Omission... omissions) {
    byte[] gated = WasmGate.admit(module, GateLimits.DEFAULT, Set.of(omissions)).bytes();
    return Endive.COMPILER.run(gated, 100_000);
  }

  @Test
  void aGateThatForgetsToChargeLoopsChargesLessThanTheInstructionsCounted() {
    int noticed = 0;
    for (int seed = 0; seed < 60; seed += 2) {
      byte[] module = RandomProgram.of(seed, true);
      if (!run(module).end().equals("returned")) {
        continue;
      }
      var count = new InstructionCount();
      Endive.observe(module, count);
      assertThat(run(module).fuelUsed()).isEqualTo(count.fuel());
      noticed += run(module, Omission.LOOP_CHARGE).fuelUsed() == count.fuel() ? 0 : 1;
    }
    assertThat(noticed).isPositive();
  }

  @Test
  void aGateThatForgetsTheDepthLetsTheEngineOverflow() {
    byte[] module = ModuleBuilder.program("", c -> c.op(CALL, 0));

    assertThat(run(module).state()).isEqualTo(GatedModule.STATE_STACK_EXHAUSTED);
    assertThat(run(module, Omission.CALL_DEPTH).state())
        .isNotEqualTo(GatedModule.STATE_STACK_EXHAUSTED);
  }

  @Test
  void aGateThatForgetsNansShowsTheBitsOfTheMachine() {
    // The payload of an operand passes through an addition on every machine that has payloads.
    byte[] module =
        ModuleBuilder.program(
            "",
            c -> {
              c.constant(I32_CONST, 0).constant(I32_CONST, 0x7FE0_0001).u8(F32_REINTERPRET_I32);
              c.u8(F32_CONST).bits(0, 4).u8(F32_ADD).op(F32_STORE, 0).unsigned(0);
            });

    assertThat(run(module, Omission.NAN).memory()).isNotEqualTo(run(module).memory());
  }
}
