package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.*;

/**
 * Writes the charges of one function. A function of a single run without a loop takes its cost from
 * the fuel directly. Any other gathers its charges in a local, because a local stays in a register:
 * it moves the sum to the fuel before calls that need the fuel exact, at loop heads once a slice is
 * full, and at its end.
 */
final class FuelWriter {

  private final int function;
  private final BodyPlan plan;
  private final CallGraph graph;
  private final MeterCode meters;
  private final int spend;
  private final boolean gathers;
  private final boolean settles;
  private int gathered = -1;
  private int fuelLeft = -1;

  FuelWriter(int function, BodyPlan plan, CallGraph graph, MeterCode meters, int spend) {
    this.function = function;
    this.plan = plan;
    this.graph = graph;
    this.meters = meters;
    this.spend = spend;
    this.gathers =
        plan.charges().size() > 1 || plan.charges().stream().anyMatch(Meter.Charge::loopHead);
    this.settles = plan.charges().stream().anyMatch(this::settles);
  }

  /** Whether the function has something to do at its end. */
  boolean gathers() {
    return gathers;
  }

  /** Adds the locals the function needs. */
  void declare(LocalTypes locals) {
    if (gathers) {
      gathered = locals.add(ValueTypes.I32);
    }
    if (plan.callees().length > 0) {
      fuelLeft = locals.add(ValueTypes.I64);
    }
  }

  /** Charges a run at its start; {@code first} if it is the function's first. */
  void charge(ByteWriter out, Meter.Charge run, boolean first) {
    if (settles(run)) {
      settle(out, run.cost(), first);
    } else if (!gathers) {
      meters.subtract(out, () -> out.constant(I64_CONST, run.cost()));
    } else if (first && !run.loopHead()) {
      out.constant(I32_CONST, run.cost()).op(LOCAL_SET, gathered);
    } else {
      gather(out, run);
    }
  }

  private void gather(ByteWriter out, Meter.Charge run) {
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
    out.op(CALL, spend).op(LOCAL_SET, gathered).u8(END);
  }

  /** Whether a call in the run needs the fuel exact; where nothing gathers, it always is. */
  private boolean settles(Meter.Charge run) {
    for (int i = run.callsFrom(); i < run.callsTo(); i++) {
      if (!gathers || graph.settles(function, plan.callees()[i])) {
        return true;
      }
    }
    return false;
  }

  /** Makes the fuel exact, for a call. */
  private void settle(ByteWriter out, int cost, boolean nothingGathered) {
    if (!gathers || nothingGathered) {
      meters.spend(out, fuelLeft, () -> out.constant(I64_CONST, cost));
      return;
    }
    meters.spend(
        out,
        fuelLeft,
        () -> out.op(LOCAL_GET, gathered).constant(I32_CONST, cost).ops(I32_ADD, I64_EXTEND_I32_U));
    out.constant(I32_CONST, 0).op(LOCAL_SET, gathered);
  }

  /**
   * Moves what was gathered to the fuel, at the function's end. A function that calls nothing need
   * not look whether there is enough: it cannot run long but by a loop, and there it has looked.
   */
  void flush(ByteWriter out) {
    Runnable charge = () -> out.op(LOCAL_GET, gathered).u8(I64_EXTEND_I32_U);
    if (settles) {
      // Mostly nothing has been gathered since the last call.
      out.op(LOCAL_GET, gathered).ops(IF, EMPTY_BLOCK);
    }
    if (fuelLeft == -1) {
      meters.subtract(out, charge);
    } else {
      meters.spend(out, fuelLeft, charge);
    }
    if (settles) {
      out.u8(END);
    }
  }
}
