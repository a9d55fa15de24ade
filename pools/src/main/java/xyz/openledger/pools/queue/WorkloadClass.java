package xyz.openledger.pools.queue;

import xyz.openledger.pools.Request;

/**
 * Tasks that ask alike of a machine: a node that fails at large ones may still do small ones.
 *
 * @param fuel the fuel limit in powers of 16
 * @param memory the memory limit in powers of 4
 */
public record WorkloadClass(int fuel, int memory) {
  /** The class of a task. */
  public static WorkloadClass of(Request request) {
    return of(request.fuelMax(), request.memoryMaxBytes());
  }

  /** The class of tasks with these limits. */
  public static WorkloadClass of(long fuelMax, long memoryMaxBytes) {
    return new WorkloadClass(bits(fuelMax) / 4, bits(memoryMaxBytes) / 2);
  }

  /** Its name, such as {@code wasm-7-12}: fuel, then memory. */
  public String word() {
    return "wasm-%d-%d".formatted(fuel, memory);
  }

  private static int bits(long value) {
    return Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, value) - 1);
  }
}
