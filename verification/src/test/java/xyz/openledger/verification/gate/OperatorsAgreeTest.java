package xyz.openledger.verification.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.verification.gate.Opcodes.*;
import static xyz.openledger.verification.gate.ValueTypes.F32;
import static xyz.openledger.verification.gate.ValueTypes.I32;
import static xyz.openledger.verification.gate.ValueTypes.I64;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every numeric operator on thousands of operands, most of them at the edges, on every engine. This
 * is how engines were found that round {@code convert_i64_u} and sign {@code copysign} wrongly.
 */
class OperatorsAgreeTest {

  private static final int OPERANDS = 2_000;
  private static final int RESULTS = 65_536;
  private static final int FIRST = I32_EQZ;
  private static final int LAST = 0xC4;

  @TempDir private Path folder;

  private static IntStream operators() {
    return IntStream.concat(
            IntStream.rangeClosed(FIRST, LAST), IntStream.rangeClosed(0xFC00, I64_TRUNC_SAT_F64_U))
        .filter(opcode -> Operators.signatureOf(opcode) != null);
  }

  @Test
  void everyOperatorGivesTheSameBitsOnEveryEngine() {
    var engines = new Engines();
    operators()
        .filter(opcode -> !canTrapOnFloat(opcode))
        .forEach(
            opcode -> {
              byte[] module = overOperands(opcode, signatureOf(opcode));
              byte[] gated = WasmGate.admit(module, GateLimits.DEFAULT).bytes();
              var run = engines.onEndive(name(opcode), gated, 10_000_000);
              assertThat(run.end()).as(name(opcode)).isEqualTo("returned");
            });
    engines.thenOnV8(folder);
  }

  @Test
  void everyTruncationTrapsForTheSameOperands() {
    var engines = new Engines();
    double[] edges = {
      Double.NaN,
      0x1p31,
      0x1p32,
      0x1p63,
      0x1p64,
      -0x1p31,
      -0x1p63,
      -1,
      -0.9,
      0x1p31 - 0.5,
      -0x1p31 - 0.5,
      -0x1p31 - 1,
      0x1p32 - 0.5,
      1e300,
      Double.POSITIVE_INFINITY,
      -0.0
    };
    operators()
        .filter(OperatorsAgreeTest::canTrapOnFloat)
        .forEach(
            opcode -> {
              for (double edge : edges) {
                for (double operand : new double[] {edge, Math.nextDown((float) edge)}) {
                  byte[] module = onOperand(opcode, signatureOf(opcode), operand);
                  byte[] gated = WasmGate.admit(module, GateLimits.DEFAULT).bytes();
                  engines.onEndive(name(opcode) + " of " + operand, gated, 10_000);
                }
              }
            });
    engines.thenOnV8(folder);
  }

  /** Against exact arithmetic, because engines may agree on a wrong answer. */
  @Test
  void unsignedNumbersAreRoundedToTheNearestFloat() {
    var random = new Random(11);
    for (int i = 0; i < 40; i++) {
      // The highest bit, and few others, so that halves between two floats are among them.
      long number = Long.MIN_VALUE | (random.nextLong() << random.nextInt(50));
      var exact = new BigDecimal(new BigInteger(Long.toUnsignedString(number)));
      byte[] module =
          ModuleBuilder.program(
              "",
              c -> {
                c.constant(I32_CONST, 0).constant(I64_CONST, number).u8(F32_CONVERT_I64_U);
                c.op(F32_STORE, 0).unsigned(0);
                c.constant(I32_CONST, 8).constant(I64_CONST, number).u8(F64_CONVERT_I64_U);
                c.op(F64_STORE, 0).unsigned(0);
              });
      byte[] expected = new byte[65_536];
      ByteBuffer.wrap(expected)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putFloat(0, exact.floatValue())
          .putDouble(8, exact.doubleValue());

      var run = Endive.COMPILER.run(WasmGate.admit(module, GateLimits.DEFAULT).bytes(), 10_000);

      assertThat(run.memory())
          .as(exact.toString())
          .isEqualTo(xyz.openledger.protocol.Digest.of(expected).hex());
    }
  }

  private static Signature signatureOf(int opcode) {
    return Objects.requireNonNull(Operators.signatureOf(opcode));
  }

  private static boolean canTrapOnFloat(int opcode) {
    return (opcode >= 0xA8 && opcode <= 0xAB) || (opcode >= 0xAE && opcode <= 0xB1);
  }

  private static boolean isDivision(int opcode) {
    return FuelSchedule.cost(opcode) == 8 && opcode < F32_SQRT;
  }

  private static String name(int opcode) {
    return run.endive.wasm.types.OpCode.byOpCode(opcode).name();
  }

  private static byte[] onOperand(int opcode, Signature signature, double operand) {
    boolean single = signature.parameters()[0] == F32;
    return ModuleBuilder.program(
        "",
        c -> {
          c.constant(I32_CONST, 0).u8(single ? F32_CONST : F64_CONST);
          if (single) {
            c.bits(Float.floatToRawIntBits((float) operand), 4);
          } else {
            c.bits(Double.doubleToRawLongBits(operand), 8);
          }
          Opcodes.write(c, opcode);
          c.op(signature.results()[0] == I32 ? I32_STORE : 0x37, 0).unsigned(0);
        });
  }

  /** A loop over pairs of operands in memory, 16 bytes each, that stores 8 bytes for each. */
  private static byte[] overOperands(int opcode, Signature signature) {
    var random = new Random(opcode);
    byte[] parameters = signature.parameters();
    var operands = ByteBuffer.allocate(16 * OPERANDS).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < OPERANDS; i++) {
      operands.putLong(operand(parameters[0], random));
      operands.putLong(operand(parameters[parameters.length - 1], random));
    }
    var builder = new ModuleBuilder().memory(2, 2);
    int start =
        builder.function(
            ":",
            "ii",
            c -> {
              c.ops(LOOP, EMPTY_BLOCK).op(LOCAL_GET, 1);
              for (int i = 0; i < parameters.length; i++) {
                c.op(LOCAL_GET, 0).op(I32_LOAD + (I32 - parameters[i]), 0).unsigned(8L * i);
                if (isDivision(opcode)) {
                  // Odd numbers: no division by zero, and not the one that overflows, −2³¹ ÷ −1.
                  boolean narrow = parameters[0] == I32;
                  c.constant(narrow ? I32_CONST : I64_CONST, 1).u8(narrow ? I32_OR : I64_OR);
                }
              }
              Opcodes.write(c, opcode);
              c.op(I32_STORE + (I32 - signature.results()[0]), 0).unsigned(RESULTS);
              c.op(LOCAL_GET, 0).constant(I32_CONST, 16).u8(I32_ADD).op(LOCAL_SET, 0);
              c.op(LOCAL_GET, 1).constant(I32_CONST, 8).u8(I32_ADD).op(LOCAL_TEE, 1);
              c.constant(I32_CONST, 8 * OPERANDS).u8(I32_LT_S).op(BR_IF, 0).u8(END);
            });
    return builder.data(0, operands.array()).start(start).build();
  }

  private static long operand(int type, Random random) {
    return switch (type) {
      case I32 -> (int) integer(random, 32);
      case I64 -> integer(random, 64);
      case F32 -> Integer.toUnsignedLong(Float.floatToRawIntBits((float) real(random)));
      default -> Double.doubleToRawLongBits(real(random));
    };
  }

  private static long integer(Random random, int bits) {
    int near = random.nextInt(3) - 1;
    return switch (random.nextInt(5)) {
      case 0 -> near;
      case 1 -> (1L << random.nextInt(bits)) + near;
      case 2 -> -(1L << random.nextInt(bits)) + near;
      case 3 -> (1L << random.nextInt(bits)) + (1L << random.nextInt(bits)) + near;
      default -> random.nextLong();
    };
  }

  private static double real(Random random) {
    int sign = random.nextBoolean() ? 1 : -1;
    double power = Math.scalb(1.0, random.nextInt(70));
    return switch (random.nextInt(8)) {
      case 0 -> Double.longBitsToDouble(random.nextLong());
      case 1 -> Float.intBitsToFloat(random.nextInt());
      case 2 -> sign * Math.nextUp(power);
      case 3 -> sign * Math.nextDown((float) power);
      case 4 -> sign * power + (random.nextInt(3) - 1) * 0.5;
      case 5 -> random.nextInt(9) / 2.0 - 2;
      case 6 -> special(random);
      default -> random.nextGaussian() * 1_000;
    };
  }

  private static double special(Random random) {
    double[] values = {
      0.0,
      -0.0,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.MIN_VALUE,
      Float.MIN_VALUE,
      Float.MAX_VALUE,
      Double.MAX_VALUE,
      4_290_772_992.0,
      -18_014_398_509_481_984.0
    };
    return values[random.nextInt(values.length)];
  }
}
