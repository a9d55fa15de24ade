package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.*;
import static xyz.openledger.verification.gate.ValueTypes.F32;
import static xyz.openledger.verification.gate.ValueTypes.F64;
import static xyz.openledger.verification.gate.ValueTypes.I32;

import java.util.Arrays;
import java.util.Set;

/**
 * Writes a checked body with its meters in place.
 *
 * <pre>
 *   take call depth, or end the run        if it calls
 *   block
 *     the body: charges at its runs, NaNs made canonical where their bits show,
 *     return → branch to the end of the block
 *   end
 *   move what was gathered to the fuel     if it gathers
 *   give call depth back                   if it calls
 * </pre>
 */
final class BodyRewriter {

  /** A function that calls nothing is counted in the call depth only from this size on. */
  private static final int LEAF_SLOTS = 256;

  /** Engines add address and offset in 32 bits; an access beyond this traps in any memory. */
  private static final long OFFSET_MAX = Integer.MAX_VALUE;

  private final Injection injection;
  private final MeterCode meters;
  private final BodyPlan plan;
  private final Set<Omission> omissions;
  private final ByteReader in;
  private final ByteWriter out;

  private final boolean gathers;
  private final boolean counted;
  private byte[] locals;
  private final int gathered;
  private final int saved;
  private final int nanF32;
  private final int nanF64;

  private int nextCharge;
  private int nextSite;
  private int nextDead;
  private int depth;

  private BodyRewriter(
      WasmModule module,
      Injection injection,
      MeterCode meters,
      BodyPlan plan,
      Set<Omission> omissions) {
    this.injection = injection;
    this.meters = meters;
    this.plan = plan;
    this.omissions = omissions;
    this.in = new ByteReader(module.source(), plan.code().start(), plan.code().end());
    this.out = new ByteWriter(2 * plan.code().length() + 64);
    this.locals = plan.locals();
    gathers = plan.charges().size() > 1 || plan.charges().stream().anyMatch(Meter.Charge::loopHead);
    counted = plan.calls() || plan.frameSlots() > LEAF_SLOTS;
    gathered = gathers ? addLocal(I32) : -1;
    saved = counted ? addLocal(I32) : -1;
    nanF32 = plan.nanF32() ? addLocal(F32) : -1;
    nanF64 = plan.nanF64() ? addLocal(F64) : -1;
  }

  /** Returns the body: declaration of locals and code. */
  static ByteWriter rewrite(
      WasmModule module,
      Injection injection,
      MeterCode meters,
      BodyPlan plan,
      Set<Omission> omissions) {
    return new BodyRewriter(module, injection, meters, plan, omissions).body();
  }

  private int addLocal(int type) {
    locals = Arrays.copyOf(locals, locals.length + 1);
    locals[locals.length - 1] = (byte) type;
    return locals.length - 1;
  }

  private boolean wrapped() {
    return gathers || counted;
  }

  private ByteWriter body() {
    Locals.write(out, locals, plan.signature().parameters().length);
    if (counted && !omissions.contains(Omission.CALL_DEPTH)) {
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
    if (gathers) {
      meters.subtractFrom(out, () -> out.op(LOCAL_GET, gathered).u8(I64_EXTEND_I32_U));
    }
    if (counted && !omissions.contains(Omission.CALL_DEPTH)) {
      meters.leaveFrame(out, saved);
    }
    return out.u8(END);
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

  // Meters

  private void charge(Meter.Charge run) {
    boolean first = nextCharge == 1;
    if (run.loopHead() && omissions.contains(Omission.LOOP_CHARGE)) {
      return;
    }
    if (run.calls()) {
      settle(run.cost(), first);
    } else if (!gathers) {
      meters.subtractFrom(out, () -> out.constant(I64_CONST, run.cost()));
    } else if (first && !run.loopHead()) {
      out.constant(I32_CONST, run.cost()).op(LOCAL_SET, gathered);
    } else {
      gather(run);
    }
  }

  private void gather(Meter.Charge run) {
    out.op(LOCAL_GET, gathered);
    if (run.cost() > 0) {
      out.constant(I32_CONST, run.cost()).u8(I32_ADD);
    }
    if (!run.loopHead()) {
      out.op(LOCAL_SET, gathered);
      return;
    }
    out.op(LOCAL_TEE, gathered).constant(I32_CONST, FuelSchedule.SLICE).u8(I32_GT_S);
    out.ops(IF, EMPTY_BLOCK).op(LOCAL_GET, gathered);
    out.op(CALL, injection.spend()).op(LOCAL_SET, gathered).u8(END);
  }

  /** Makes the fuel exact, for a call. */
  private void settle(int cost, boolean nothingGathered) {
    if (!gathers || nothingGathered) {
      meters.subtractFrom(out, () -> out.constant(I64_CONST, cost));
    } else {
      meters.subtractFrom(
          out,
          () ->
              out.op(LOCAL_GET, gathered).constant(I32_CONST, cost).ops(I32_ADD, I64_EXTEND_I32_U));
      out.constant(I32_CONST, 0).op(LOCAL_SET, gathered);
    }
    meters.requireFuel(out);
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

  // Instructions

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
