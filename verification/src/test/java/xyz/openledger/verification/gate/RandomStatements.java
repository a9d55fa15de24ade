package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.*;
import static xyz.openledger.verification.gate.ValueTypes.I32;
import static xyz.openledger.verification.gate.ValueTypes.I64;

/** The statements of a {@link RandomProgram}: each leaves the stack as it was. */
abstract class RandomStatements extends RandomValues {

  /** The only import, function 0, is {@code sched_yield}. */
  static final int IMPORTS = 1;

  RandomStatements(long seed, boolean integers) {
    super(seed, integers);
  }

  void statements(int count) {
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

  @Override
  final void call(int callee, Signature signature) {
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
}
