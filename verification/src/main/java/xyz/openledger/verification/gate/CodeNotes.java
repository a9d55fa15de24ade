package xyz.openledger.verification.gate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.verification.gate.WasmModule.Span;

/**
 * What the checker of a body notes down on its way for the rewriter: the runs and their costs, the
 * calls, the places where NaNs show, and the code that nothing reaches, of which nothing is noted
 * but where it is.
 */
final class CodeNotes {

  private final Meter meter;
  private final List<Integer> nanSites = new ArrayList<>();
  private final List<Span> dead = new ArrayList<>();
  private boolean nanF32;
  private boolean nanF64;
  private int instructions;

  /** Where the code that nothing reaches began, or −1; and how many blocks deep that was. */
  private int deadFrom = -1;

  private int deadDepth;

  CodeNotes(int bodyStart, int entryCost) {
    meter = new Meter(bodyStart, entryCost);
  }

  /** Whether an execution can be here. */
  boolean isLive() {
    return deadFrom == -1;
  }

  void instruction(int opcode) {
    instructions++;
    if (isLive()) {
      meter.add(FuelSchedule.cost(opcode));
    }
  }

  /** Notes a call of a function, or {@code ~type} for one through the table. */
  void call(int callee) {
    if (isLive()) {
      meter.call(callee);
    }
  }

  /** Notes that the instruction at {@code at} shows the bits of a float of {@code type}. */
  void nanSite(int at, int type) {
    if (isLive()) {
      nanSites.add(at);
      nanF32 |= type == ValueTypes.F32;
      nanF64 |= type == ValueTypes.F64;
    }
  }

  /** Starts a run at {@code position}; null where nothing runs. */
  Meter.@Nullable Charge beginRun(int position) {
    return isLive() ? meter.begin(position) : null;
  }

  /** Nothing from {@code position} on is reached, until the block at {@code depth} ends. */
  void leave(int position, int depth) {
    if (isLive()) {
      deadFrom = position;
      deadDepth = depth;
    }
  }

  /** The block at {@code depth} ends with the instruction at {@code at}. */
  void endBlock(int at, int depth) {
    if (isLive() || deadDepth != depth) {
      return;
    }
    if (deadFrom < at) {
      dead.add(new Span(deadFrom, at));
    }
    deadFrom = -1;
  }

  BodyPlan plan(Signature signature, byte[] locals, Span code, int operandsMax) {
    return new BodyPlan(
        signature,
        locals,
        code,
        meter.charges(),
        nanSites,
        nanF32,
        nanF64,
        dead,
        meter.callees(),
        operandsMax,
        instructions);
  }
}
