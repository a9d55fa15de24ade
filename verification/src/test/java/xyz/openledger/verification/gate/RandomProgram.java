package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.*;
import static xyz.openledger.verification.gate.ValueTypes.F32;
import static xyz.openledger.verification.gate.ValueTypes.F64;
import static xyz.openledger.verification.gate.ValueTypes.I32;
import static xyz.openledger.verification.gate.ValueTypes.I64;

/**
 * Makes valid modules that nobody would write: every control form, every operator, calls direct,
 * indirect and recursive, loops that end and loops that do not. The same seed makes the same
 * module.
 *
 * <p>With {@code integers}, no float is made, so the plain module has one meaning on every engine.
 */
final class RandomProgram extends RandomStatements {

  private static final int TABLE_ENTRIES = 6;

  /** Locals of one function at most: fewer than eight, so that entering costs nothing. */
  private static final int LOCALS_MAX = 6;

  private RandomProgram(long seed, boolean integers) {
    super(seed, integers);
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
}
