package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.gate.Opcodes.*;

import org.junit.jupiter.api.Test;

/** The bits of a NaN, wherever they can be seen, are the same on every engine. */
class NanTest extends EngineAgreement {

  @Test
  void theBitsOfAnArithmeticNanAreCanonicalWhereverTheyShow() {
    var run =
        run(
            program(
                "fd",
                c -> {
                  // 0/0, and a NaN with a payload made negative, each as a float and as an integer.
                  zeroByZero(c.constant(I32_CONST, 0)).op(F32_STORE, 0).unsigned(0);
                  zeroByZero(c.constant(I32_CONST, 4))
                      .u8(I32_REINTERPRET_F32)
                      .op(I32_STORE, 0)
                      .unsigned(0);
                  payload(c.constant(I32_CONST, 8)).u8(0x8C).op(F32_STORE, 0).unsigned(0);
                  zeroByZeroDouble(c.constant(I32_CONST, 16)).op(F64_STORE, 0).unsigned(0);
                  zeroByZeroDouble(c.constant(I32_CONST, 24))
                      .u8(I64_REINTERPRET_F64)
                      .op(0x37, 0)
                      .unsigned(0);
                  // The sign of a NaN is plus: copysign(1, 0/0) = 1.
                  c.constant(I32_CONST, 32).u8(F32_CONST).bits(Float.floatToRawIntBits(-1), 4);
                  zeroByZero(c).u8(F32_COPYSIGN).op(F32_STORE, 0).unsigned(0);
                }));

    assertThat(run.memory())
        .isEqualTo(
            memoryOf(
                1, 0, 0, 0xC0, 0x7F, 0, 0, 0xC0, 0x7F, 0, 0, 0xC0, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                0, 0xF8, 0x7F, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F, 0, 0, 0x80, 0x3F));
  }

  @Test
  void aNanThatIsOnlyMovedKeepsItsPayload() {
    var run =
        run(
            program(
                "",
                c -> {
                  c.constant(I32_CONST, 0)
                      .constant(I32_CONST, 0xFFA1_2345)
                      .op(I32_STORE, 0)
                      .unsigned(0);
                  c.constant(I32_CONST, 4).constant(I32_CONST, 0).op(F32_LOAD, 0).unsigned(0);
                  c.op(F32_STORE, 0).unsigned(0);
                }));

    assertThat(run.memory()).isEqualTo(memoryOf(1, 0x45, 0x23, 0xA1, 0xFF, 0x45, 0x23, 0xA1, 0xFF));
  }

  private static ByteWriter zeroByZero(ByteWriter c) {
    return c.u8(F32_CONST).bits(0, 4).u8(F32_CONST).bits(0, 4).u8(F32_DIV);
  }

  private static ByteWriter zeroByZeroDouble(ByteWriter c) {
    return c.u8(F64_CONST).bits(0, 8).u8(F64_CONST).bits(0, 8).u8(F64_DIV);
  }

  private static ByteWriter payload(ByteWriter c) {
    return c.constant(I32_CONST, 0x7FE0_0001).u8(F32_REINTERPRET_I32);
  }
}
