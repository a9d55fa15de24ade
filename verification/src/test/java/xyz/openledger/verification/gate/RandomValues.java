package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.*;
import static xyz.openledger.verification.gate.ValueTypes.F32;
import static xyz.openledger.verification.gate.ValueTypes.F64;
import static xyz.openledger.verification.gate.ValueTypes.I32;
import static xyz.openledger.verification.gate.ValueTypes.I64;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The expressions of a {@link RandomProgram}: each leaves one value of the type asked for. */
abstract class RandomValues {

  static final int MEMORY_MASK = 0x7FFF;

  private static final int[] TYPES = {I32, I64, F32, F64};

  /** A function that can be called; its index is its place in the list after the imports. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Function(Signature signature, int[] locals) {}

  final Random random;
  final boolean integers;
  final ModuleBuilder builder = new ModuleBuilder();
  final List<Function> functions = new ArrayList<>();
  final List<Integer> globals = new ArrayList<>();

  Function current = new Function(Signature.NOTHING, new int[0]);
  ByteWriter out = new ByteWriter(16);

  /** Label types of the open blocks, innermost last; −1 where a branch would repeat a loop. */
  final List<int[]> labels = new ArrayList<>();

  /** How much more is to be written into the current function. */
  int budget;

  RandomValues(long seed, boolean integers) {
    this.random = new Random(seed);
    this.integers = integers;
  }

  /** Calls a function with random arguments, directly or perhaps another of its type. */
  abstract void call(int callee, Signature signature);

  void value(int type, int depth) {
    budget--;
    if (depth <= 0 || budget <= 0) {
      leaf(type);
      return;
    }
    switch (random.nextInt(10)) {
      case 0, 1 -> leaf(type);
      case 2 -> {
        address();
        access(loadOf(type));
      }
      case 3 -> choose(type, depth);
      case 4 -> {
        out.u8(BLOCK).u8(type);
        labels.add(new int[] {type});
        value(type, depth - 1);
        labels.removeLast();
        out.u8(END);
      }
      case 5 -> called(type, depth);
      default -> operator(type, depth);
    }
  }

  void leaf(int type) {
    for (int tries = 0; tries < 3 && localCount() > 0; tries++) {
      int local = random.nextInt(localCount());
      if (localType(local) == type) {
        out.op(LOCAL_GET, local);
        return;
      }
    }
    if (random.nextInt(4) == 0 && globals.contains(type)) {
      out.op(GLOBAL_GET, globals.indexOf(type));
      return;
    }
    constant(type);
  }

  void constant(int type) {
    switch (type) {
      case I32 -> out.constant(I32_CONST, interesting());
      case I64 -> out.constant(I64_CONST, random.nextBoolean() ? interesting() : random.nextLong());
      case F32 -> out.u8(F32_CONST).bits(Float.floatToRawIntBits((float) interestingFloat()), 4);
      default -> out.u8(F64_CONST).bits(Double.doubleToRawLongBits(interestingFloat()), 8);
    }
  }

  int interesting() {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Integer.MIN_VALUE >>> random.nextInt(32);
      case 3 -> random.nextInt();
      default -> random.nextInt(100);
    };
  }

  double interestingFloat() {
    return switch (random.nextInt(9)) {
      case 0 -> -0.0;
      case 1 -> Double.NaN;
      case 2 -> Double.NEGATIVE_INFINITY;
      case 3 -> Float.MIN_VALUE;
      case 4 -> 4_290_772_992.0;
      case 5 -> random.nextLong();
      case 6 -> Math.scalb(random.nextDouble(), random.nextInt(200) - 100);
      default -> random.nextInt(200) / 8.0 - 10;
    };
  }

  void choose(int type, int depth) {
    value(type, depth - 1);
    value(type, depth - 1);
    value(I32, depth - 1);
    out.u8(SELECT);
  }

  void called(int type, int depth) {
    for (int i = 1; i < functions.size(); i++) {
      byte[] results = functions.get(i).signature().results();
      if (results.length == 1 && results[0] == type) {
        call(i, functions.get(i).signature());
        return;
      }
    }
    operator(type, depth);
  }

  /** Any operator that leaves {@code type}, found by trying. */
  void operator(int type, int depth) {
    for (int tries = 0; tries < 400; tries++) {
      int opcode = random.nextInt(8) == 0 ? 0xFC00 + random.nextInt(8) : 0x45 + random.nextInt(128);
      var signature = Operators.signatureOf(opcode);
      if (signature != null && signature.results()[0] == type && allowed(signature, opcode)) {
        for (byte parameter : signature.parameters()) {
          value(parameter, depth - 1);
        }
        Opcodes.write(out, opcode);
        return;
      }
    }
    leaf(type);
  }

  boolean allowed(Signature signature, int opcode) {
    boolean traps =
        (opcode >= I32_DIV_S && opcode <= I32_REM_U)
            || (opcode >= I64_DIV_S && opcode <= I64_REM_U)
            || (opcode >= 0xA8 && opcode <= 0xAB)
            || (opcode >= 0xAE && opcode <= 0xB1);
    if (traps && random.nextInt(10) != 0) {
      return false;
    }
    return !integers || isInteger(signature);
  }

  static boolean isInteger(Signature signature) {
    for (byte parameter : signature.parameters()) {
      if (parameter == F32 || parameter == F64) {
        return false;
      }
    }
    return true;
  }

  void address() {
    value(I32, 2);
    if (random.nextInt(60) != 0) {
      out.constant(I32_CONST, MEMORY_MASK).u8(I32_AND);
    }
  }

  void access(int opcode) {
    long offset = random.nextInt(50) == 0 ? random.nextInt() & 0xFFFF_FFFFL : random.nextInt(64);
    out.op(opcode, random.nextInt(Operators.widthLog2(opcode) + 1)).unsigned(offset);
  }

  int loadOf(int type) {
    return switch (type) {
      case I32 -> random.nextBoolean() ? I32_LOAD : 0x2C + random.nextInt(4);
      case I64 -> random.nextBoolean() ? 0x29 : 0x30 + random.nextInt(6);
      case F32 -> F32_LOAD;
      default -> F64_LOAD;
    };
  }

  static int storeOf(int type) {
    return I32_STORE + (I32 - type);
  }

  // Types

  int anyType() {
    return TYPES[random.nextInt(integers ? 2 : 4)];
  }

  int[] randomTypes(int max) {
    return random.ints(random.nextInt(max + 1), 0, integers ? 2 : 4).map(i -> TYPES[i]).toArray();
  }

  int localCount() {
    return current.signature().parameters().length + current.locals().length;
  }

  int localType(int local) {
    byte[] parameters = current.signature().parameters();
    return local < parameters.length
        ? parameters[local]
        : current.locals()[local - parameters.length];
  }

  static byte[] bytes(int[] types) {
    byte[] list = new byte[types.length];
    for (int i = 0; i < list.length; i++) {
      list[i] = (byte) types[i];
    }
    return list;
  }

  static int[] ints(byte[] types) {
    int[] list = new int[types.length];
    for (int i = 0; i < list.length; i++) {
      list[i] = types[i];
    }
    return list;
  }

  static String letters(int[] types) {
    var letters = new StringBuilder();
    for (int type : types) {
      letters.append("dfli".charAt(type - F64));
    }
    return letters.toString();
  }

  static String text(Signature signature) {
    return letters(ints(signature.parameters())) + ":" + letters(ints(signature.results()));
  }
}
