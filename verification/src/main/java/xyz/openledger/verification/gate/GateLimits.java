package xyz.openledger.verification.gate;

/**
 * What a module may ask for. A module beyond a limit is refused, except that a memory without a
 * maximum, or with a larger one, gets {@code memoryPagesMax} as its maximum.
 *
 * <p>{@code memoryPagesMax} and {@code stackSlotsMax} are written into the gated module and are
 * therefore part of its identity: everyone who compares code identities uses the same two values.
 *
 * @param moduleBytesMax size of the module as submitted
 * @param functionsMax functions, imported ones included
 * @param bodyBytesMax size of one function body
 * @param localsMax parameters and locals of one function
 * @param parametersMax parameters of one function or block; the results of one, too
 * @param nestingMax blocks inside one another
 * @param operandsMax values on a function's operand stack at once
 * @param declarationsMax types, globals, exports, data segments and element segments, of each; and
 *     the targets of one {@code br_table}
 * @param tableEntriesMax entries of the table; also the function references of all its segments
 * @param memoryPagesMax memory in pages of 64 KiB, at most 16,384 (1 GiB)
 * @param stackSlotsMax depth of calls, in slots: see {@link FuelSchedule#frameSlots}
 */
public record GateLimits(
    int moduleBytesMax,
    int functionsMax,
    int bodyBytesMax,
    int localsMax,
    int parametersMax,
    int nestingMax,
    int operandsMax,
    int declarationsMax,
    int tableEntriesMax,
    int memoryPagesMax,
    int stackSlotsMax) {

  /** Beyond this, engines that index memory by a signed 32-bit number would need another path. */
  private static final int MEMORY_PAGES_CEILING = 16_384;

  /**
   * 16 MiB of module, 256 MiB of memory, more than 10,000 calls deep. Modules that reach these
   * limits were run on every engine in use; the stack asks for a thread of 32 MiB, most of which
   * stays untouched.
   */
  public static final GateLimits DEFAULT =
      new GateLimits(
          16 << 20, 8_192, 512 << 10, 4_096, 100, 2_048, 2_048, 8_192, 65_536, 4_096, 1 << 18);

  /**
   * Checks the limits themselves.
   *
   * @throws IllegalArgumentException for a limit that is not positive or beyond what the gate's own
   *     arithmetic allows
   */
  public GateLimits {
    within("moduleBytesMax", moduleBytesMax, 1 << 26);
    within("functionsMax", functionsMax, 1_000_000);
    within("bodyBytesMax", bodyBytesMax, 1 << 23);
    within("localsMax", localsMax, 50_000);
    within("parametersMax", parametersMax, 1_000);
    within("nestingMax", nestingMax, 1 << 16);
    within("operandsMax", operandsMax, 1 << 16);
    within("declarationsMax", declarationsMax, 1_000_000);
    within("tableEntriesMax", tableEntriesMax, 10_000_000);
    within("memoryPagesMax", memoryPagesMax, MEMORY_PAGES_CEILING);
    within("stackSlotsMax", stackSlotsMax, 1 << 26);
  }

  /** These limits with another memory cap, in pages of 64 KiB. */
  public GateLimits withMemoryPagesMax(int pages) {
    return new GateLimits(
        moduleBytesMax,
        functionsMax,
        bodyBytesMax,
        localsMax,
        parametersMax,
        nestingMax,
        operandsMax,
        declarationsMax,
        tableEntriesMax,
        pages,
        stackSlotsMax);
  }

  /** These limits with another call depth, in slots. */
  public GateLimits withStackSlotsMax(int slots) {
    return new GateLimits(
        moduleBytesMax,
        functionsMax,
        bodyBytesMax,
        localsMax,
        parametersMax,
        nestingMax,
        operandsMax,
        declarationsMax,
        tableEntriesMax,
        memoryPagesMax,
        slots);
  }

  /**
   * The stack, in bytes, of a thread on which the depth counter ends a recursion before the engine
   * does: 128 bytes per slot. Endive's compiled code was seen to need 32, its interpreter 48.
   */
  public long threadStackBytes() {
    return 128L * stackSlotsMax;
  }

  private static void within(String name, int value, int ceiling) {
    if (value < 1 || value > ceiling) {
      throw new IllegalArgumentException(name + " must be 1 to " + ceiling + ", not " + value);
    }
  }
}
