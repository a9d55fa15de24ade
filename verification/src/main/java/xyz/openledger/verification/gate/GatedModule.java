package xyz.openledger.verification.gate;

import xyz.openledger.protocol.Digest;

/**
 * A module that has been through the gate, ready for any engine.
 *
 * <p><b>What a host does with it.</b> It offers the imports of {@link HostFunction}, instantiates
 * the module (nothing runs then), sets the global {@value #FUEL_EXPORT} (i64) to the fuel it
 * grants, 0 or more, calls {@code _start} once, on a thread of {@link
 * GateLimits#threadStackBytes()}, and then reads {@value #FUEL_EXPORT} (what was used: {@link
 * FuelSchedule#used}) and {@value #STATE_EXPORT} (i32). If {@code _start} trapped, the state says
 * why: {@value #STATE_FUEL_EXHAUSTED} for fuel, {@value #STATE_STACK_EXHAUSTED} for call depth,
 * {@value #STATE_RUNNING} for the program's own fault.
 *
 * <p><b>What is the same everywhere.</b> Given the same answers from the imports: memory and
 * output, bit for bit; whether, and at which instruction, it traps; the fuel; the state. {@code
 * memory.grow} fails exactly beyond the declared maximum. A host that cannot provide the memory or
 * the stack has failed itself and has no result.
 *
 * @param bytes the gated module; not copied, and not to be changed
 * @param code its SHA-256: the identity of the code, whichever engine runs it
 * @param report what the gate saw and did
 */
@SuppressWarnings(
    "ArrayRecordComponent") // identified by its digest; copying megabytes helps nobody
public record GatedModule(byte[] bytes, Digest code, GateReport report) {

  /** The exported global that holds the fuel left: i64, mutable. */
  public static final String FUEL_EXPORT = "openledger_fuel";

  /** The exported global that says why a run was ended: i32. */
  public static final String STATE_EXPORT = "openledger_state";

  /** The gate has not ended the run. */
  public static final int STATE_RUNNING = 0;

  /** The gate ended the run for want of fuel; the fuel left reads 0. */
  public static final int STATE_FUEL_EXHAUSTED = 1;

  /** The gate ended the run because calls were nested too deep. */
  public static final int STATE_STACK_EXHAUSTED = 2;

  /** Equal if the code is the same. */
  @Override
  public boolean equals(Object other) {
    return other instanceof GatedModule gated && code.equals(gated.code);
  }

  @Override
  public int hashCode() {
    return code.hashCode();
  }

  @Override
  public String toString() {
    return "GatedModule[" + code + ", " + report + "]";
  }
}
