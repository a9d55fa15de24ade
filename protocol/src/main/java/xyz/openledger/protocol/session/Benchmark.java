package xyz.openledger.protocol.session;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;

/**
 * How fast a machine is, measured by CPU time, one run at a time, in the sandbox that runs the
 * work.
 *
 * @param fuelPerCpuSecond fuel that a gated integer loop burns in one CPU second
 * @param taskRoundTripMicros from handing a warm worker its smallest task to the result; median
 * @param memoryStepsPerSecond steps of a walk through 16 MiB, by the wall clock, in the agent
 *     itself; absent if it was never measured
 */
public record Benchmark(
    long fuelPerCpuSecond, int taskRoundTripMicros, @Nullable Long memoryStepsPerSecond) {
  /** Checks the ranges. */
  public Benchmark {
    Check.range("fuelPerCpuSecond", fuelPerCpuSecond, 1, 1_000_000_000_000_000L);
    Check.range("taskRoundTripMicros", taskRoundTripMicros, 1, Integer.MAX_VALUE);
    if (memoryStepsPerSecond != null) {
      Check.range("memoryStepsPerSecond", memoryStepsPerSecond, 1, 100_000_000_000L);
    }
  }

  /** Where no walk was measured. */
  public Benchmark(long fuelPerCpuSecond, int taskRoundTripMicros) {
    this(fuelPerCpuSecond, taskRoundTripMicros, null);
  }
}
