package xyz.openledger.verification.gate;

import java.util.List;
import xyz.openledger.verification.gate.WasmModule.Span;

/**
 * What checking a body found out for its rewriting. All places are offsets in the submitted bytes.
 *
 * @param locals types of the parameters, then of the locals
 * @param code the instructions, with the final {@code end}
 * @param charges where fuel is charged, in the order of the code
 * @param nanSites instructions before which a float is made canonical, in the order of the code
 * @param nanF32 whether one of them takes an f32
 * @param nanF64 whether one of them takes an f64
 * @param dead code that no execution reaches, in the order of the code; it is left out
 * @param callees what it calls, in the order of the code: a function, or {@code ~type} through the
 *     table
 * @param operandsMax the most values on its operand stack at once
 * @param instructions how many it has
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out of the package
record BodyPlan(
    Signature signature,
    byte[] locals,
    Span code,
    List<Meter.Charge> charges,
    List<Integer> nanSites,
    boolean nanF32,
    boolean nanF64,
    List<Span> dead,
    int[] callees,
    int operandsMax,
    int instructions) {

  /** What a frame of this function takes of the call depth. */
  int frameSlots() {
    return FuelSchedule.frameSlots(locals.length, operandsMax);
  }
}
