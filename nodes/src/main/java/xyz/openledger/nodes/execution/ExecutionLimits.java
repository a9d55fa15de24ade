package xyz.openledger.nodes.execution;

import xyz.openledger.protocol.Check;

/**
 * How much one run may use. All three are part of the task: the same limits give the same outcome
 * anywhere.
 *
 * @param fuelMax units of fuel as the gate charges it; at least 1
 * @param memoryMaxBytes linear memory, rounded down to pages of 64 KiB, at most 1 GiB; beyond it
 *     {@code memory.grow} answers -1
 * @param outputMaxBytes what the program may write to its standard output; at most 16 MiB
 */
public record ExecutionLimits(long fuelMax, long memoryMaxBytes, long outputMaxBytes) {
  /** The most linear memory. */
  public static final long MEMORY_CEILING_BYTES = 1L << 30;

  /** The most output. */
  public static final long OUTPUT_CEILING_BYTES = 16L << 20;

  public ExecutionLimits {
    Check.range("fuelMax", fuelMax, 1, Long.MAX_VALUE);
    Check.range("memoryMaxBytes", memoryMaxBytes, 0, MEMORY_CEILING_BYTES);
    Check.range("outputMaxBytes", outputMaxBytes, 0, OUTPUT_CEILING_BYTES);
  }
}
