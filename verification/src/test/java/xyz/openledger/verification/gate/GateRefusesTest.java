package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static xyz.openledger.verification.gate.Opcodes.*;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every bad module gets one clear answer: a reason, a place, and a sentence with the fix. */
class GateRefusesTest {

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("xyz.openledger.verification.gate.BadModules#all")
  void aBadModuleIsRefusedWithItsReason(String name, String reason, String words, byte[] module) {
    var refusal =
        catchThrowableOfType(GateRefusal.class, () -> WasmGate.admit(module, GateLimits.DEFAULT));

    assertThat(refusal).as(name).isNotNull();
    assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
    assertThat(refusal.sentence()).contains(words);
    assertThat(refusal.byteOffset()).isBetween(0, module.length);
  }

  @Test
  void theByteOffsetPointsAtTheInstruction() {
    byte[] module = ModuleBuilder.program("", c -> c.ops(NOP, NOP, NOP).u8(I32_EQZ).u8(DROP));

    var refusal =
        catchThrowableOfType(GateRefusal.class, () -> WasmGate.admit(module, GateLimits.DEFAULT));

    assertThat(module[refusal.byteOffset()] & 0xFF).isEqualTo(I32_EQZ);
  }

  @Test
  void aLongOrUnprintableNameIsShortenedInTheSentence() {
    byte[] module =
        BadModules.with(b -> b.imported("e".repeat(1_000), "\n\u0007", Signature.of("i:")));

    var refusal =
        catchThrowableOfType(GateRefusal.class, () -> WasmGate.admit(module, GateLimits.DEFAULT));

    assertThat(refusal.sentence()).hasSizeLessThan(300).doesNotContain("\n");
  }
}
