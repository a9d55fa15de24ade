package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.*;
import static xyz.openledger.verification.gate.ValueTypes.F32;
import static xyz.openledger.verification.gate.ValueTypes.F64;
import static xyz.openledger.verification.gate.ValueTypes.I32;
import static xyz.openledger.verification.gate.ValueTypes.I64;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes valid modules that nobody would write: every control form, every operator, calls direct,
 * indirect and recursive, loops that end and loops that do not. The same seed makes the same
 * module.
 *
 * <p>With {@code integers}, no float is made, so the plain module has one meaning on every engine.
 */
final class RandomProgram {

  private static final int[] TYPES = {I32, I64, F32, F64};
  private static final int TABLE_ENTRIES = 6;

  /** The only import, function 0, is {@code sched_yield}. */
  private static final int IMPORTS = 1;

  private static final int MEMORY_MASK = 0x7FFF;

  /** Locals of one function at most: fewer than eight, so that entering costs nothing. */
  private static final int LOCALS_MAX = 6;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Function(Signature signature, int[] locals) {}

  private final Random random;
  private final boolean integers;
  private final ModuleBuilder builder = new ModuleBuilder();
  private final List<Function> functions = new ArrayList<>();
  private final List<Integer> globals = new ArrayList<>();

  private Function current = new Function(Signature.NOTHING, new int[0]);
  private ByteWriter out = new ByteWriter(16);

  /** Label types of the open blocks, innermost last; null where a branch would be a loop. */
  private final List<int[]> labels = new ArrayList<>();

  private int budget;

  private RandomProgram(long seed, boolean integers) {
    this.random = new Random(seed);
    this.integers = integers;
  }

  /** A module that exports {@code _start} and {@code memory}. */
  static byte[] of(long seed, boolean integers) {
    return new RandomProgram(seed, integers).module();
  }

  private byte[] module() {
    builder.host(HostFunction.SCHED_YIELD);
    int count = 2 + random.nextInt(4);
    functions.add(new Function(Signature.NOTHING, randomTypes(LOCALS_MAX)));
    for (int i = 1; i < count; i++) {
      int[] parameters = randomTypes(3);
      var signature =
          new Signature(bytes(parameters), bytes(randomTypes(random.nextInt(4) == 0 ? 2 : 1)));
      functions.add(new Function(signature, randomTypes(LOCALS_MAX - parameters.length)));
    }
    for (int type : new int[] {I32, I64, integers ? I32 : F32, integers ? I64 : F64}) {
      globals.add(type);
      builder.global(type, true, random.nextInt());
    }
    for (int i = 0; i < count; i++) {
      int index = i;
      var signature = functions.get(i).signature();
      int type =
          random.nextInt(4) == 0
              ? builder.duplicateType(text(signature))
              : builder.type(text(signature));
      builder.function(type, letters(functions.get(i).locals()), code -> body(index, code));
    }
    builder.table(TABLE_ENTRIES);
    for (int i = 0; i < count - 1; i++) {
      builder.elements(i, IMPORTS + 1 + random.nextInt(count - 1));
    }
    builder.passiveData(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
    return builder.memory(1, 4).data(64, new byte[] {9, 8, 7, 6, 5, 4, 3}).start(IMPORTS).build();
  }

  private void body(int index, ByteWriter code) {
    current = functions.get(index);
    out = code;
    budget = 40 + random.nextInt(160);
    labels.clear();
    labels.add(ints(current.signature().results()));
    statements(1 + random.nextInt(6));
    if (index == 0) {
      showEverything();
    }
    for (byte result : current.signature().results()) {
      value(result, 3);
    }
  }

  /** Stores locals and globals, so that the memory tells what they were. */
  private void showEverything() {
    int at = 1_024;
    for (int i = 0; i < localCount(); i++) {
      int type = localType(i);
      out.constant(I32_CONST, at += 8).op(LOCAL_GET, i).op(storeOf(type), 0).unsigned(0);
    }
    for (int i = 0; i < globals.size(); i++) {
      out.constant(I32_CONST, at += 8).op(GLOBAL_GET, i).op(storeOf(globals.get(i)), 0).unsigned(0);
    }
  }

  // Statements: they leave the stack as it was.

  private void statements(int count) {
    for (int i = 0; i < count && budget > 0; i++) {
      statement();
    }
  }

  private void statement() {
    budget--;
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> setLocal();
      case 3 -> setGlobal();
      case 4, 5 -> store();
      case 6, 7 -> conditional();
      case 8, 9 -> countedLoop();
      case 10 -> block();
      case 11 -> branchTable();
      case 12 -> callAndDrop();
      case 13 -> bulk();
      case 14 -> rare();
      default -> multipleValues();
    }
  }

  private void setLocal() {
    if (localCount() == 0) {
      return;
    }
    int local = random.nextInt(localCount());
    value(localType(local), 4);
    out.op(LOCAL_SET, local);
  }

  private void setGlobal() {
    int global = random.nextInt(globals.size());
    value(globals.get(global), 4);
    out.op(GLOBAL_SET, global);
  }

  private void store() {
    int type = anyType();
    address();
    value(type, 4);
    int opcode = storeOf(type);
    if (type == I32 && random.nextBoolean()) {
      opcode = 0x3A + random.nextInt(2);
    } else if (type == I64 && random.nextBoolean()) {
      opcode = 0x3C + random.nextInt(3);
    }
    access(opcode);
  }

  private void conditional() {
    value(I32, 3);
    boolean carries = random.nextInt(3) == 0;
    int type = anyType();
    out.u8(IF).u8(carries ? type : EMPTY_BLOCK);
    labels.add(carries ? new int[] {type} : new int[0]);
    statements(3);
    if (carries) {
      value(type, 2);
    }
    if (carries || random.nextBoolean()) {
      out.u8(ELSE);
      statements(2);
      if (carries) {
        value(type, 2);
      }
    }
    labels.removeLast();
    out.u8(END);
    if (carries) {
      out.u8(DROP);
    }
  }

  /** A loop over a cell of memory, so that nothing else changes its counter but by accident. */
  private void countedLoop() {
    int cell = 2_048 + 4 * random.nextInt(64);
    out.constant(I32_CONST, cell).constant(I32_CONST, 1 + random.nextInt(12));
    out.op(I32_STORE, 2).unsigned(0);
    out.ops(BLOCK, EMPTY_BLOCK, LOOP, EMPTY_BLOCK);
    labels.add(new int[0]);
    labels.add(random.nextInt(40) == 0 ? new int[0] : new int[] {-1});
    statements(4);
    out.constant(I32_CONST, cell);
    out.constant(I32_CONST, cell).op(I32_LOAD, 2).unsigned(0).constant(I32_CONST, 1).u8(I32_SUB);
    out.op(I32_STORE, 2).unsigned(0);
    out.constant(I32_CONST, cell).op(I32_LOAD, 2).unsigned(0).constant(I32_CONST, 0).u8(I32_GT_S);
    out.op(BR_IF, 0).ops(END, END);
    labels.removeLast();
    labels.removeLast();
  }

  private void block() {
    int type = anyType();
    out.u8(BLOCK).u8(type);
    labels.add(new int[] {type});
    statements(3);
    value(type, 3);
    if (random.nextBoolean()) {
      value(I32, 2);
      out.op(BR_IF, 0);
    }
    labels.removeLast();
    out.ops(END, DROP);
  }

  private void branchTable() {
    int depth = 1 + random.nextInt(4);
    for (int i = 0; i < depth; i++) {
      out.ops(BLOCK, EMPTY_BLOCK);
      labels.add(new int[0]);
    }
    value(I32, 3);
    out.constant(I32_CONST, 7).u8(I32_AND).op(BR_TABLE, depth);
    for (int i = 0; i <= depth; i++) {
      out.unsigned(random.nextInt(depth));
    }
    for (int i = 0; i < depth; i++) {
      labels.removeLast();
      out.u8(END);
      statements(2);
    }
  }

  private void callAndDrop() {
    int callee = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(functions.size() - 1);
    var signature = functions.get(callee).signature();
    call(callee, signature);
    for (int i = 0; i < signature.results().length; i++) {
      out.u8(DROP);
    }
  }

  private void call(int callee, Signature signature) {
    for (byte parameter : signature.parameters()) {
      value(parameter, 2);
    }
    if (random.nextInt(3) == 0) {
      value(I32, 1);
      out.constant(I32_CONST, 3).u8(I32_AND);
      out.op(CALL_INDIRECT, builder.type(text(signature))).unsigned(0);
    } else {
      out.op(CALL, IMPORTS + callee);
    }
  }

  private void bulk() {
    address();
    switch (random.nextInt(4)) {
      case 0 -> {
        address();
        length();
        Opcodes.write(out, MEMORY_COPY);
        out.unsigned(0).unsigned(0);
      }
      case 1 -> {
        value(I32, 2);
        length();
        Opcodes.write(out, MEMORY_FILL);
        out.unsigned(0);
      }
      case 2 -> {
        out.constant(I32_CONST, random.nextInt(4)).constant(I32_CONST, random.nextInt(6));
        Opcodes.write(out, MEMORY_INIT);
        out.unsigned(0).unsigned(0);
      }
      default -> {
        out.constant(I32_CONST, 3).u8(I32_AND).op(MEMORY_GROW, 0);
        out.u8(DROP);
      }
    }
  }

  private void length() {
    if (random.nextInt(30) == 0) {
      out.constant(I32_CONST, random.nextInt());
    } else {
      value(I32, 1);
      out.constant(I32_CONST, 255).u8(I32_AND);
    }
  }

  private void rare() {
    switch (random.nextInt(8)) {
      case 0 -> {
        value(I32, 2);
        out.ops(I32_EQZ, IF, EMPTY_BLOCK, UNREACHABLE, END);
      }
      case 1 -> {
        Opcodes.write(out, DATA_DROP);
        out.unsigned(0);
      }
      case 2, 3 -> leave();
      case 4 -> out.op(CALL, 0).u8(DROP);
      default -> branchOut();
    }
  }

  /** Returns from the middle, or leaves some block, if a condition holds. */
  private void leave() {
    value(I32, 3);
    out.ops(IF, EMPTY_BLOCK);
    for (byte result : current.signature().results()) {
      value(result, 1);
    }
    out.u8(RETURN).u8(END);
  }

  private void branchOut() {
    int label = random.nextInt(labels.size());
    int[] types = labels.get(labels.size() - 1 - label);
    if (types.length == 1 && types[0] == -1) {
      return;
    }
    value(I32, 3);
    out.ops(IF, EMPTY_BLOCK);
    for (int type : types) {
      value(type, 1);
    }
    out.op(BR, label + 1);
    if (random.nextBoolean()) {
      // Code that nothing reaches: it must be valid, and then gone.
      out.ops(I32_ADD, DROP, BLOCK, EMPTY_BLOCK, END);
    }
    out.u8(END);
  }

  private void multipleValues() {
    int first = anyType();
    int second = anyType();
    int type =
        builder.type(
            text(new Signature(bytes(new int[] {first}), bytes(new int[] {second, first}))));
    value(first, 2);
    out.u8(BLOCK).signed(type);
    labels.add(new int[] {second, first});
    out.u8(DROP);
    statements(1);
    value(second, 2);
    value(first, 2);
    labels.removeLast();
    out.ops(END, DROP, DROP);
  }

  // Values: they leave one.

  private void value(int type, int depth) {
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

  private void leaf(int type) {
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

  private void constant(int type) {
    switch (type) {
      case I32 -> out.constant(I32_CONST, interesting());
      case I64 -> out.constant(I64_CONST, random.nextBoolean() ? interesting() : random.nextLong());
      case F32 -> out.u8(F32_CONST).bits(Float.floatToRawIntBits((float) interestingFloat()), 4);
      default -> out.u8(F64_CONST).bits(Double.doubleToRawLongBits(interestingFloat()), 8);
    }
  }

  private int interesting() {
    return switch (random.nextInt(6)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Integer.MIN_VALUE >>> random.nextInt(32);
      case 3 -> random.nextInt();
      default -> random.nextInt(100);
    };
  }

  private double interestingFloat() {
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

  private void choose(int type, int depth) {
    value(type, depth - 1);
    value(type, depth - 1);
    value(I32, depth - 1);
    out.u8(SELECT);
  }

  private void called(int type, int depth) {
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
  private void operator(int type, int depth) {
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

  private boolean allowed(Signature signature, int opcode) {
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

  private static boolean isInteger(Signature signature) {
    for (byte parameter : signature.parameters()) {
      if (parameter == F32 || parameter == F64) {
        return false;
      }
    }
    return true;
  }

  private void address() {
    value(I32, 2);
    if (random.nextInt(60) != 0) {
      out.constant(I32_CONST, MEMORY_MASK).u8(I32_AND);
    }
  }

  private void access(int opcode) {
    long offset = random.nextInt(50) == 0 ? random.nextInt() & 0xFFFF_FFFFL : random.nextInt(64);
    out.op(opcode, random.nextInt(Operators.widthLog2(opcode) + 1)).unsigned(offset);
  }

  private int loadOf(int type) {
    return switch (type) {
      case I32 -> random.nextBoolean() ? I32_LOAD : 0x2C + random.nextInt(4);
      case I64 -> random.nextBoolean() ? 0x29 : 0x30 + random.nextInt(6);
      case F32 -> F32_LOAD;
      default -> F64_LOAD;
    };
  }

  private static int storeOf(int type) {
    return I32_STORE + (I32 - type);
  }

  // Types

  private int anyType() {
    return TYPES[random.nextInt(integers ? 2 : 4)];
  }

  private int[] randomTypes(int max) {
    return random.ints(random.nextInt(max + 1), 0, integers ? 2 : 4).map(i -> TYPES[i]).toArray();
  }

  private int localCount() {
    return current.signature().parameters().length + current.locals().length;
  }

  private int localType(int local) {
    byte[] parameters = current.signature().parameters();
    return local < parameters.length
        ? parameters[local]
        : current.locals()[local - parameters.length];
  }

  private static byte[] bytes(int[] types) {
    byte[] list = new byte[types.length];
    for (int i = 0; i < list.length; i++) {
      list[i] = (byte) types[i];
    }
    return list;
  }

  private static int[] ints(byte[] types) {
    int[] list = new int[types.length];
    for (int i = 0; i < list.length; i++) {
      list[i] = types[i];
    }
    return list;
  }

  private static String letters(int[] types) {
    var letters = new StringBuilder();
    for (int type : types) {
      letters.append("dfli".charAt(type - F64));
    }
    return letters.toString();
  }

  private static String text(Signature signature) {
    return letters(ints(signature.parameters())) + ":" + letters(ints(signature.results()));
  }
}
