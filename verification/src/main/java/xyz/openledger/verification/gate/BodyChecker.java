package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.*;
import static xyz.openledger.verification.gate.ValueTypes.ANY;
import static xyz.openledger.verification.gate.ValueTypes.EXACT_BITS;
import static xyz.openledger.verification.gate.ValueTypes.F32;
import static xyz.openledger.verification.gate.ValueTypes.F64;
import static xyz.openledger.verification.gate.ValueTypes.I32;

import java.util.BitSet;
import xyz.openledger.verification.gate.GateRefusal.Reason;
import xyz.openledger.verification.gate.WasmModule.Global;
import xyz.openledger.verification.gate.WasmModule.Span;

/**
 * Type-checks one function body and finds what its rewriting needs, in one pass. The checks are
 * those of the WebAssembly specification's validation algorithm (appendix A.3).
 */
final class BodyChecker {

  private final WasmModule module;
  private final GateLimits limits;
  private final Signature signature;
  private final ByteReader in;
  private final byte[] locals;
  private final OperandStack operands;
  private final ControlStack control;
  private final CodeNotes notes;

  /** Where the instruction being checked stands. */
  private int at;

  private BodyChecker(WasmModule module, int body, GateLimits limits) {
    this.module = module;
    this.limits = limits;
    this.signature = module.types().get(module.functionTypes()[body]);
    var span = module.bodies().get(body);
    this.in = new ByteReader(module.source(), span.start(), span.end());
    this.locals = Locals.read(in, signature.parameters(), limits.localsMax());
    this.operands = new OperandStack(limits.operandsMax());
    this.control = new ControlStack(operands, limits.nestingMax());
    this.notes = new CodeNotes(in.position(), FuelSchedule.entryCost(locals.length));
  }

  /**
   * Checks the body numbered {@code body}.
   *
   * @throws GateRefusal at the first instruction that is not valid
   */
  static BodyPlan check(WasmModule module, int body, GateLimits limits) {
    return new BodyChecker(module, body, limits).check();
  }

  private BodyPlan check() {
    int start = in.position();
    control.push(BLOCK, new Signature(new byte[0], signature.results()), start);
    while (!control.isEmpty()) {
      at = in.position();
      int opcode = Opcodes.read(in);
      notes.instruction(opcode);
      instruction(opcode);
    }
    in.requireEnd("a function body");
    return notes.plan(signature, locals, new Span(start, in.position()), operands.deepest());
  }

  private void instruction(int opcode) {
    switch (opcode) {
      case NOP -> {}
      case UNREACHABLE -> leave();
      case BLOCK, LOOP, IF -> open(opcode);
      case ELSE -> orElse();
      case END -> close();
      case BR -> {
        branch(SectionItems.index(in));
        leave();
      }
      case BR_IF -> {
        operands.pop(I32, at);
        byte[] types = branch(SectionItems.index(in));
        operands.pushAll(types, at);
        notes.beginRun(in.position());
      }
      case BR_TABLE -> branchTable();
      case RETURN -> {
        operands.popAll(signature.results(), at);
        leave();
      }
      case CALL -> {
        int callee = index(module.functionCount(), "function");
        call(callee, module.signatureOf(callee));
      }
      case CALL_INDIRECT -> callIndirect();
      case DROP -> operands.pop(at);
      case SELECT -> select();
      case LOCAL_GET -> operands.push(local(), at);
      case LOCAL_SET -> operands.pop(local(), at);
      case LOCAL_TEE -> {
        int type = local();
        operands.pop(type, at);
        operands.push(type, at);
      }
      case GLOBAL_GET -> operands.push(global().type(), at);
      case GLOBAL_SET -> globalSet();
      case I32_CONST, I64_CONST, F32_CONST, F64_CONST -> constant(opcode);
      case MEMORY_INIT, DATA_DROP, MEMORY_COPY, MEMORY_FILL -> bulk(opcode);
      default -> operator(opcode);
    }
  }

  // Control

  private void open(int opcode) {
    if (opcode == IF) {
      operands.pop(I32, at);
    }
    var type = BlockTypes.read(in, module.types());
    operands.popAll(type.parameters(), at);
    var frame = control.push(opcode, type, at);
    operands.pushAll(type.parameters(), at);
    if (opcode != BLOCK) {
      frame.head = notes.beginRun(in.position());
    }
  }

  private void orElse() {
    var frame = control.innermost();
    if (frame.opcode != IF) {
      throw refusal(Reason.MALFORMED, "an else stands without its if; rebuild the module");
    }
    endBlock(frame);
    operands.pushAll(frame.type.parameters(), at);
    control.reopenAsElse();
    notes.beginRun(in.position());
  }

  private void close() {
    var frame = control.innermost();
    if (frame.opcode == IF && !frame.type.hasEqualEnds()) {
      throw refusal(
          Reason.TYPE_MISMATCH,
          "an if without else takes " + frame.type + ", which needs an else; rebuild the module");
    }
    boolean joined = frame.opcode == IF || frame.opcode == ELSE || !notes.isLive();
    endBlock(frame);
    control.pop();
    if (control.isEmpty()) {
      return;
    }
    operands.pushAll(frame.type.results(), at);
    if (frame.opcode == LOOP) {
      if (frame.targeted && frame.head != null) {
        frame.head.markLoopHead();
      }
    } else {
      joined |= frame.targeted;
    }
    if (joined) {
      notes.beginRun(in.position());
    }
  }

  /** Checks what a block leaves, and ends the dead code that began in it. */
  private void endBlock(ControlStack.Frame frame) {
    operands.popAll(frame.type.results(), at);
    operands.requireFloor(at);
    notes.endBlock(at, control.depth());
  }

  /** Checks a branch and returns the types it carries, taken from the stack. */
  private byte[] branch(int label) {
    byte[] types = target(label).labelTypes();
    operands.popAll(types, at);
    return types;
  }

  private ControlStack.Frame target(int label) {
    var frame = control.target(label, at);
    frame.targeted |= notes.isLive();
    return frame;
  }

  private void branchTable() {
    operands.pop(I32, at);
    int count = in.count("branch targets", limits.declarationsMax());
    var seen = new BitSet();
    int arity = -1;
    for (int i = 0; i <= count; i++) {
      int label = SectionItems.index(in);
      byte[] types = target(label).labelTypes();
      if (arity != -1 && arity != types.length) {
        throw refusal(
            Reason.TYPE_MISMATCH, "a br_table's targets take different counts; rebuild the module");
      }
      arity = types.length;
      if (!seen.get(label)) {
        seen.set(label);
        operands.peekAll(types, at);
      }
    }
    leave();
  }

  /** After an unconditional branch nothing runs until the block ends. */
  private void leave() {
    notes.leave(in.position(), control.depth());
    control.markUnreachable();
  }

  // Calls and variables

  private void call(int callee, Signature type) {
    operands.popAll(type.parameters(), at);
    operands.pushAll(type.results(), at);
    notes.call(callee);
  }

  private void callIndirect() {
    int type = index(module.types().size(), "type");
    if (SectionItems.index(in) != 0 || module.table() == null) {
      throw refusal(
          Reason.UNKNOWN_INDEX, "a call_indirect names a table there is not; rebuild the module");
    }
    operands.pop(I32, at);
    call(~type, module.types().get(type));
  }

  private void select() {
    operands.pop(I32, at);
    int second = operands.pop(at);
    int first = second == ANY ? operands.pop(at) : operands.pop(second & 0xFF, at);
    operands.push(first == ANY ? second : second == ANY ? first : first & second, at);
  }

  private int local() {
    return locals[index(locals.length, "local")];
  }

  private Global global() {
    return module.globals().get(index(module.globals().size(), "global"));
  }

  private void globalSet() {
    var global = global();
    if (!global.mutable()) {
      throw refusal(Reason.TYPE_MISMATCH, "a constant global is set; rebuild the module");
    }
    operands.pop(global.type(), at);
  }

  // Numbers and memory

  private void constant(int opcode) {
    long value = ConstantExpression.value(in, opcode);
    operands.push(
        switch (opcode) {
          case I32_CONST -> I32;
          case I64_CONST -> ValueTypes.I64;
          case F32_CONST -> Float.isNaN(Float.intBitsToFloat((int) value)) ? F32 : F32 | EXACT_BITS;
          default -> Double.isNaN(Double.longBitsToDouble(value)) ? F64 : F64 | EXACT_BITS;
        },
        at);
  }

  private void bulk(int opcode) {
    if (opcode == MEMORY_INIT || opcode == DATA_DROP) {
      index(Math.max(0, module.dataCount()), "data segment");
    }
    int memories = opcode == DATA_DROP ? 0 : opcode == MEMORY_COPY ? 2 : 1;
    for (int i = 0; i < memories; i++) {
      memoryZero();
    }
    if (opcode != DATA_DROP) {
      operands.pop(I32, at);
      operands.pop(I32, at);
      operands.pop(I32, at);
    }
  }

  private void operator(int opcode) {
    var operator = Operators.signatureOf(opcode);
    if (operator == null) {
      throw refusal(Reason.UNSUPPORTED_FEATURE, Operators.featureOf(opcode));
    }
    if (isLoad(opcode) || isStore(opcode)) {
      access(opcode);
    } else if (opcode == MEMORY_SIZE || opcode == MEMORY_GROW) {
      memoryZero();
    }
    byte[] takes = operator.parameters();
    for (int i = takes.length - 1; i >= 0; i--) {
      int found = operands.pop(takes[i], at);
      if (i == takes.length - 1 && (found & EXACT_BITS) == 0 && NanSites.showsBits(opcode)) {
        notes.nanSite(at, takes[i]);
      }
    }
    for (byte result : operator.results()) {
      operands.push(NanSites.leavesExactBits(opcode) ? result | EXACT_BITS : result, at);
    }
  }

  private void access(int opcode) {
    long alignment = in.u32();
    if (alignment > Operators.widthLog2(opcode)) {
      throw refusal(
          alignment >= 64 ? Reason.UNSUPPORTED_FEATURE : Reason.MALFORMED,
          "an access is aligned beyond its width, or to a second memory; rebuild the module");
    }
    in.u32();
  }

  private void memoryZero() {
    if (in.u32() != 0) {
      throw refusal(Reason.UNSUPPORTED_FEATURE, "uses a second memory; build with one");
    }
  }

  private int index(int count, String what) {
    int index = SectionItems.index(in);
    if (index >= count) {
      throw refusal(
          Reason.UNKNOWN_INDEX,
          "the " + what + " " + index + " is not one of " + count + "; rebuild the module");
    }
    return index;
  }

  private GateRefusal refusal(Reason reason, String sentence) {
    return new GateRefusal(reason, at, sentence);
  }
}
