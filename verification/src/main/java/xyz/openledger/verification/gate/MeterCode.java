package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.*;

/** The instruction sequences that the gate inserts, and the bodies of the functions it adds. */
final class MeterCode {

  private final WasmModule module;
  private final Injection injection;
  private final int memoryPagesMax;

  MeterCode(WasmModule module, Injection injection, int memoryPagesMax) {
    this.module = module;
    this.injection = injection;
    this.memoryPagesMax = memoryPagesMax;
  }

  /** Takes from the fuel the i64 that {@code charge} leaves on the stack. */
  void subtract(ByteWriter out, Runnable charge) {
    out.op(GLOBAL_GET, injection.fuel());
    charge.run();
    out.u8(I64_SUB).op(GLOBAL_SET, injection.fuel());
  }

  /** Takes from the fuel as {@link #subtract}, and ends the run if that leaves too little. */
  void spend(ByteWriter out, int fuelLeft, Runnable charge) {
    out.op(GLOBAL_GET, injection.fuel());
    charge.run();
    out.u8(I64_SUB).op(LOCAL_TEE, fuelLeft).op(GLOBAL_SET, injection.fuel());
    endIfBelowZero(out.op(LOCAL_GET, fuelLeft));
  }

  /** Ends the run if the fuel is below zero. */
  void requireFuel(ByteWriter out) {
    endIfBelowZero(out.op(GLOBAL_GET, injection.fuel()));
  }

  private void endIfBelowZero(ByteWriter out) {
    out.constant(I64_CONST, 0).u8(I64_LT_S);
    out.ops(IF, EMPTY_BLOCK).op(CALL, injection.exhausted()).u8(END);
  }

  /** Takes {@code slots} of call depth, keeping what there was in the local {@code saved}. */
  void enterFrame(ByteWriter out, int saved, int slots) {
    out.op(GLOBAL_GET, injection.stack()).op(LOCAL_TEE, saved);
    out.constant(I32_CONST, slots).u8(I32_LT_S);
    out.ops(IF, EMPTY_BLOCK).op(CALL, injection.tooDeep()).u8(END);
    out.op(LOCAL_GET, saved).constant(I32_CONST, slots).u8(I32_SUB);
    out.op(GLOBAL_SET, injection.stack());
  }

  /** Gives the call depth back. */
  void leaveFrame(ByteWriter out, int saved) {
    out.op(LOCAL_GET, saved).op(GLOBAL_SET, injection.stack());
  }

  /** The types and bodies of the added functions, in the order of {@link Injection}. */
  void functions(ByteWriter types, ByteWriter bodies) {
    add(types, bodies, ":", exhausted());
    add(types, bodies, ":", tooDeep());
    add(types, bodies, "i:i", spend());
    add(types, bodies, "i:i", grow());
    add(types, bodies, "i:i", bulk());
    add(types, bodies, "ff:f", copysignF32());
    add(types, bodies, "dd:d", copysignF64());
    add(types, bodies, "l:f", convert(ValueTypes.F32, F32_CONVERT_I64_S, F32_ADD));
    add(types, bodies, "l:d", convert(ValueTypes.F64, F64_CONVERT_I64_S, F64_ADD));
    add(types, bodies, ":", start());
    for (int i = 0; i < module.imports().size(); i++) {
      var imported = module.imports().get(i);
      var function = HostFunction.find(imported.module(), imported.name()).orElseThrow();
      types.unsigned(imported.type());
      bodies.sized(host(i, function));
    }
  }

  int functionCount() {
    return Injection.FIXED_FUNCTIONS + module.imports().size();
  }

  private void add(ByteWriter types, ByteWriter bodies, String signature, ByteWriter body) {
    types.unsigned(injection.typeOf(Signature.of(signature)));
    bodies.sized(body);
  }

  /** A body with as many i32 locals as {@code locals}; the caller writes the instructions. */
  private static ByteWriter body(int locals) {
    var out = new ByteWriter(64);
    return locals == 0 ? out.u8(0) : out.u8(1).u8(locals).u8(ValueTypes.I32);
  }

  private ByteWriter exhausted() {
    var out = body(0);
    out.constant(I32_CONST, GatedModule.STATE_FUEL_EXHAUSTED).op(GLOBAL_SET, injection.state());
    out.constant(I64_CONST, 0).op(GLOBAL_SET, injection.fuel());
    return out.ops(UNREACHABLE, END);
  }

  private ByteWriter tooDeep() {
    var out = body(0);
    out.constant(I32_CONST, GatedModule.STATE_STACK_EXHAUSTED).op(GLOBAL_SET, injection.state());
    return out.ops(UNREACHABLE, END);
  }

  private ByteWriter spend() {
    var out = body(0);
    subtract(out, () -> out.op(LOCAL_GET, 0).u8(I64_EXTEND_I32_U));
    requireFuel(out);
    return out.constant(I32_CONST, 0).u8(END);
  }

  private ByteWriter grow() {
    var out = body(1);
    out.op(LOCAL_GET, 0).op(MEMORY_GROW, 0).op(LOCAL_TEE, 1);
    out.constant(I32_CONST, -1).u8(I32_NE).ops(IF, EMPTY_BLOCK);
    subtract(
        out,
        () ->
            out.op(LOCAL_GET, 0)
                .u8(I64_EXTEND_I32_U)
                .constant(I64_CONST, FuelSchedule.PER_PAGE)
                .u8(I64_MUL));
    requireFuel(out);
    return out.u8(END).op(LOCAL_GET, 1).u8(END);
  }

  /** A length beyond the largest memory traps here, so that engines never see a wild one. */
  private ByteWriter bulk() {
    var out = body(0);
    out.op(LOCAL_GET, 0).constant(I32_CONST, (long) memoryPagesMax * ModuleChecker.PAGE_BYTES);
    out.ops(I32_GT_U, IF, EMPTY_BLOCK, UNREACHABLE, END);
    subtract(out, () -> eighthOf(out.op(LOCAL_GET, 0)));
    requireFuel(out);
    return out.op(LOCAL_GET, 0).u8(END);
  }

  private static void eighthOf(ByteWriter out) {
    out.constant(I32_CONST, FuelSchedule.BULK_BYTES_LOG2).ops(I32_SHR_U, I64_EXTEND_I32_U);
  }

  private ByteWriter copysignF32() {
    var out = body(0);
    out.op(LOCAL_GET, 0).u8(I32_REINTERPRET_F32).constant(I32_CONST, Integer.MAX_VALUE).u8(I32_AND);
    out.op(LOCAL_GET, 1).u8(I32_REINTERPRET_F32).constant(I32_CONST, Integer.MIN_VALUE).u8(I32_AND);
    out.constant(I32_CONST, 0);
    out.op(LOCAL_GET, 1).op(LOCAL_GET, 1).ops(F32_EQ, SELECT);
    return out.ops(I32_OR, F32_REINTERPRET_I32, END);
  }

  private ByteWriter copysignF64() {
    var out = body(0);
    out.op(LOCAL_GET, 0).u8(I64_REINTERPRET_F64).constant(I64_CONST, Long.MAX_VALUE).u8(I64_AND);
    out.op(LOCAL_GET, 1).u8(I64_REINTERPRET_F64).constant(I64_CONST, Long.MIN_VALUE).u8(I64_AND);
    out.constant(I64_CONST, 0);
    out.op(LOCAL_GET, 1).op(LOCAL_GET, 1).ops(F64_EQ, SELECT);
    return out.ops(I64_OR, F64_REINTERPRET_I64, END);
  }

  /**
   * An unsigned number as a float, by the signed conversion: one that has its highest bit set is
   * halved, the bit that falls off kept in the lowest place for rounding, converted, and doubled.
   * Engines were found that round the direct conversion wrongly.
   */
  private static ByteWriter convert(int type, int signedConversion, int add) {
    var out = new ByteWriter(64).u8(1).u8(1).u8(type);
    out.op(LOCAL_GET, 0).constant(I64_CONST, 0).ops(I64_LT_S, IF, type);
    out.op(LOCAL_GET, 0).constant(I64_CONST, 1).u8(I64_SHR_U);
    out.op(LOCAL_GET, 0).constant(I64_CONST, 1).ops(I64_AND, I64_OR, signedConversion);
    out.op(LOCAL_TEE, 1).op(LOCAL_GET, 1).u8(add);
    return out.u8(ELSE).op(LOCAL_GET, 0).u8(signedConversion).ops(END, END);
  }

  /** Charges the memory, runs the start function and {@code _start}, and looks a last time. */
  private ByteWriter start() {
    var out = body(0);
    long memory = module.memory().min() * FuelSchedule.PER_PAGE;
    subtract(out, () -> out.constant(I64_CONST, memory));
    requireFuel(out);
    if (module.start() != -1) {
      out.op(CALL, injection.callee(module.start()));
    }
    out.op(CALL, ModuleChecker.startOf(module));
    requireFuel(out);
    return out.u8(END);
  }

  /** Charges a call of the host, makes it, and charges what it moved. */
  private ByteWriter host(int index, HostFunction function) {
    int parameters = function.signature().parameters().length;
    int result = parameters;
    boolean transfers = function.extra() == HostFunction.Extra.TRANSFER;
    var out = body(transfers ? 1 : 0);
    subtract(out, () -> hostCharge(out, function));
    requireFuel(out);
    for (int i = 0; i < parameters; i++) {
      out.op(LOCAL_GET, i);
    }
    out.op(CALL, index);
    if (transfers) {
      out.op(LOCAL_TEE, result).ops(I32_EQZ, IF, EMPTY_BLOCK);
      subtract(out, () -> eighthOf(out.op(LOCAL_GET, 3).op(I32_LOAD, 2).unsigned(0)));
      requireFuel(out);
      out.u8(END).op(LOCAL_GET, result);
    } else if (function == HostFunction.PROC_EXIT) {
      out.u8(UNREACHABLE);
    }
    return out.u8(END);
  }

  private static void hostCharge(ByteWriter out, HostFunction function) {
    switch (function.extra()) {
      case NONE -> out.constant(I64_CONST, function.flatFuel());
      case TRANSFER -> {
        out.op(LOCAL_GET, 2).u8(I64_EXTEND_I32_U).constant(I64_CONST, FuelSchedule.PER_BUFFER);
        out.u8(I64_MUL).constant(I64_CONST, function.flatFuel()).u8(I64_ADD);
      }
      case RANDOM -> {
        out.op(LOCAL_GET, 1).u8(I64_EXTEND_I32_U);
        out.constant(I64_CONST, function.flatFuel()).u8(I64_ADD);
      }
    }
  }
}
