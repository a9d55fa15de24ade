package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.*;

import java.util.Set;

/**
 * Writes a checked body with its meters in place.
 *
 * <pre>
 *   take call depth, or end the run        if it is recursive
 *   block
 *     the body: charges at its runs, NaNs made canonical where their bits show,
 *     return → branch to the end of the block
 *   end
 *   move what was gathered to the fuel     if it gathers
 *   give call depth back                   if it is recursive
 * </pre>
 */
final class BodyRewriter {

  /** Engines add address and offset in 32 bits; an access beyond this traps in any memory. */
  private static final long OFFSET_MAX = Integer.MAX_VALUE;

  private final Injection injection;
  private final MeterCode meters;
  private final BodyPlan plan;
  private final FuelWriter fuel;
  private final Set<Omission> omissions;
  private final boolean counted;
  private final ByteReader in;
  private final ByteWriter out;

  private int saved;
  private int nanF32;
  private int nanF64;

  private int nextCharge;
  private int nextSite;
  private int nextDead;
  private int depth;

  /** For the body of {@code function}, of which {@code plan} was made. */
  BodyRewriter(
      WasmModule module,
      int function,
      BodyPlan plan,
      CallGraph graph,
      Injection injection,
      MeterCode meters,
      Set<Omission> omissions) {
    this.plan = plan;
    this.injection = injection;
    this.meters = meters;
    this.omissions = omissions;
    this.fuel = new FuelWriter(function, plan, graph, meters, injection.spend());
    this.counted = graph.isRecursive(function) && !omissions.contains(Omission.CALL_DEPTH);
    this.in = new ByteReader(module.source(), plan.code().start(), plan.code().end());
    this.out = new ByteWriter(2 * plan.code().length() + 64);
  }

  /** Returns the body: declaration of locals and code. */
  ByteWriter rewrite() {
    declareLocals();
    if (counted) {
      meters.enterFrame(out, saved, plan.frameSlots());
    }
    if (wrapped()) {
      out.u8(BLOCK);
      blockTypeOf(plan.signature().results());
    }
    while (!in.atEnd()) {
      step();
    }
    if (wrapped()) {
      out.u8(END);
    }
    if (fuel.gathers()) {
      fuel.flush(out);
    }
    if (counted) {
      meters.leaveFrame(out, saved);
    }
    return out.u8(END);
  }

  private void declareLocals() {
    var locals = new LocalTypes(plan.locals(), plan.signature().parameters().length);
    fuel.declare(locals);
    if (counted) {
      saved = locals.add(ValueTypes.I32);
    }
    if (plan.nanF32()) {
      nanF32 = locals.add(ValueTypes.F32);
    }
    if (plan.nanF64()) {
      nanF64 = locals.add(ValueTypes.F64);
    }
    locals.write(out);
  }

  /** Whether something is to be done on every way out. */
  private boolean wrapped() {
    return fuel.gathers() || counted;
  }

  private void blockTypeOf(byte[] results) {
    switch (results.length) {
      case 0 -> out.u8(EMPTY_BLOCK);
      case 1 -> out.u8(results[0]);
      default -> out.signed(injection.typeOf(new Signature(new byte[0], results)));
    }
  }

  private void step() {
    int at = in.position();
    if (nextDead < plan.dead().size() && plan.dead().get(nextDead).start() == at) {
      in.skip(plan.dead().get(nextDead++).length());
      return;
    }
    if (nextCharge < plan.charges().size() && plan.charges().get(nextCharge).offset == at) {
      charge(plan.charges().get(nextCharge++));
    }
    boolean showsNan = nextSite < plan.nanSites().size() && plan.nanSites().get(nextSite) == at;
    int opcode = Opcodes.read(in);
    if (showsNan) {
      nextSite++;
      canonicalise(opcode);
    }
    instruction(opcode);
  }

  private void charge(Meter.Charge run) {
    if (!run.loopHead() || !omissions.contains(Omission.LOOP_CHARGE)) {
      fuel.charge(out, run, nextCharge == 1);
    }
  }

  /** Replaces a NaN on top of the stack by the canonical one. */
  private void canonicalise(int opcode) {
    if (omissions.contains(Omission.NAN)) {
      return;
    }
    boolean single = opcode == F32_STORE || opcode == I32_REINTERPRET_F32;
    int value = single ? nanF32 : nanF64;
    out.op(LOCAL_TEE, value);
    if (single) {
      out.u8(F32_CONST).bits(NanSites.CANONICAL_F32, 4);
    } else {
      out.u8(F64_CONST).bits(NanSites.CANONICAL_F64, 8);
    }
    out.op(LOCAL_GET, value).op(LOCAL_GET, value).ops(single ? F32_EQ : F64_EQ, SELECT);
  }

  private void instruction(int opcode) {
    switch (opcode) {
      case BLOCK, LOOP, IF -> {
        depth++;
        BlockTypes.copy(in, out.u8(opcode));
      }
      case END -> end();
      case RETURN -> leave();
      case BR, BR_IF, LOCAL_GET, LOCAL_SET, LOCAL_TEE, GLOBAL_GET, GLOBAL_SET, MEMORY_SIZE ->
          out.op(opcode, in.u32());
      case BR_TABLE -> branchTable();
      case CALL -> out.op(CALL, injection.callee((int) in.u32()));
      case CALL_INDIRECT -> out.op(CALL_INDIRECT, in.u32()).unsigned(in.u32());
      case I32_CONST, I64_CONST -> out.constant(opcode, ConstantExpression.value(in, opcode));
      case F32_CONST -> out.u8(opcode).bits(in.bits(4), 4);
      case F64_CONST -> out.u8(opcode).bits(in.bits(8), 8);
      case F32_COPYSIGN -> out.op(CALL, injection.copysignF32());
      case F64_COPYSIGN -> out.op(CALL, injection.copysignF64());
      case F32_CONVERT_I64_U -> out.op(CALL, injection.convertF32());
      case F64_CONVERT_I64_U -> out.op(CALL, injection.convertF64());
      case MEMORY_GROW -> {
        in.u32();
        out.op(CALL, injection.grow());
      }
      case MEMORY_INIT, DATA_DROP, MEMORY_COPY, MEMORY_FILL -> bulk(opcode);
      default -> {
        if (isLoad(opcode) || isStore(opcode)) {
          access(opcode);
        } else {
          Opcodes.write(out, opcode);
        }
      }
    }
  }

  private void end() {
    // The body's own end is written with what follows the block around it.
    if (depth-- > 0) {
      out.u8(END);
    }
  }

  private void leave() {
    if (wrapped()) {
      out.op(BR, depth);
    } else {
      out.u8(RETURN);
    }
  }

  private void branchTable() {
    long count = in.u32();
    out.op(BR_TABLE, count);
    for (long i = 0; i <= count; i++) {
      out.unsigned(in.u32());
    }
  }

  private void bulk(int opcode) {
    if (opcode != DATA_DROP) {
      out.op(CALL, injection.bulk());
    }
    Opcodes.write(out, opcode);
    int immediates = opcode == MEMORY_INIT || opcode == MEMORY_COPY ? 2 : 1;
    for (int i = 0; i < immediates; i++) {
      out.unsigned(in.u32());
    }
  }

  private void access(int opcode) {
    long alignment = in.u32();
    long offset = in.u32();
    if (offset > OFFSET_MAX) {
      out.u8(UNREACHABLE);
    } else {
      out.op(opcode, alignment).unsigned(offset);
    }
  }
}
