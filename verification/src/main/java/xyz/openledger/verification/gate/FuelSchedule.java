package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.*;

/**
 * What running costs, version {@value #GATE_VERSION}. Fuel counts executed instructions, weighted
 * so that a unit takes roughly the same time everywhere on an engine that compiles.
 *
 * <table>
 * <caption>Fuel per executed instruction, and besides</caption>
 * <tr><td>block, loop, else, end, nop</td><td>0</td></tr>
 * <tr><td>integer division and remainder; float division and square root</td><td>8</td></tr>
 * <tr><td>br_table, call, copysign, convert_i64_u</td><td>4</td></tr>
 * <tr><td>call_indirect</td><td>8</td></tr>
 * <tr><td>memory.copy, memory.fill, memory.init</td><td>16, and 1 per 8 bytes</td></tr>
 * <tr><td>memory.grow</td><td>64, and 8,192 per page it gained</td></tr>
 * <tr><td>every other instruction</td><td>1</td></tr>
 * <tr><td>starting</td><td>8,192 per page of initial memory</td></tr>
 * <tr><td>entering a function</td><td>1 per 8 parameters and locals</td></tr>
 * <tr><td>calling the host</td><td>{@link HostFunction}, on top of the call</td></tr>
 * </table>
 *
 * <p><b>When it is charged.</b> A run of instructions that is entered at its start and left at its
 * end (a basic block, except that a call does not end it) is charged as a whole when it is entered.
 * If a trap or an exit cuts it short, it has still been charged whole.
 *
 * <p><b>When it is seen.</b> A function adds its charges up in a local and moves the sum to the
 * module's fuel before a call that may reach the host or come back to it, when it returns, and at
 * the head of a loop once more than {@value #SLICE} has gathered. At every call of the host the
 * fuel is therefore exact. After a trap it may lack what the innermost functions had gathered: for
 * each, {@value #SLICE} and one pass through its code; the same on every engine.
 *
 * <p><b>When it ends.</b> Fuel below zero is noticed where the sum is moved, in the dynamic
 * charges, and when {@code _start} returns. So a module never completes on more fuel than it was
 * given, and runs over, if at all, by a slice and one pass through each of its innermost functions.
 */
public final class FuelSchedule {

  /**
   * Version of the gate's output: schedule, counters, canonicalisation. It stands in the gated
   * module, so the same program gated by a later version has another code identity.
   */
  public static final int GATE_VERSION = 1;

  /** What may gather in a function's local at a loop head before it is moved. */
  static final int SLICE = 4_096;

  /** Bytes that a bulk operation or a transfer moves for one unit, as a power of two. */
  static final int BULK_BYTES_LOG2 = 3;

  /** For each page of memory, when it comes to be: its bytes at the rate of a bulk operation. */
  static final int PER_PAGE = ModuleChecker.PAGE_BYTES >> BULK_BYTES_LOG2;

  /** For each buffer in the list of an {@code fd_read} or {@code fd_write}. */
  static final int PER_BUFFER = 16;

  /** What every frame takes of the stack besides its values, in slots. */
  private static final int FRAME_BASE_SLOTS = 16;

  private FuelSchedule() {}

  /** Fuel of one execution of {@code opcode}, without its dynamic part. */
  static int cost(int opcode) {
    return switch (opcode) {
      case BLOCK, LOOP, ELSE, END, NOP -> 0;
      case BR_TABLE, CALL -> 4;
      case F32_COPYSIGN, F64_COPYSIGN, F32_CONVERT_I64_U, F64_CONVERT_I64_U -> 4;
      case CALL_INDIRECT, F32_SQRT, F32_DIV, F64_SQRT, F64_DIV -> 8;
      case MEMORY_COPY, MEMORY_FILL, MEMORY_INIT -> 16;
      case MEMORY_GROW -> 64;
      default -> isIntegerDivision(opcode) ? 8 : 1;
    };
  }

  private static boolean isIntegerDivision(int opcode) {
    return (opcode >= I32_DIV_S && opcode <= I32_REM_U)
        || (opcode >= I64_DIV_S && opcode <= I64_REM_U);
  }

  /** Fuel of entering a function: its parameters are passed and its locals set to zero. */
  static int entryCost(int parametersAndLocals) {
    return parametersAndLocals / 8;
  }

  /**
   * What a frame takes of the call depth, in slots of one value: its parameters, locals and deepest
   * operand stack, and 16 for the engine's own. A frame that holds more values is taken to be
   * deeper, so that no mix of functions overflows a real stack before the counter.
   */
  static int frameSlots(int parametersAndLocals, int operandsMax) {
    return FRAME_BASE_SLOTS + parametersAndLocals + operandsMax;
  }

  /**
   * The fuel a run used, for a price.
   *
   * @param fuelMax what the host set before {@code _start}
   * @param fuelLeft what it read afterwards; may be below zero after a trap
   * @return 0 to {@code fuelMax}
   */
  public static long used(long fuelMax, long fuelLeft) {
    return fuelMax - Math.clamp(fuelLeft, 0, fuelMax);
  }
}
