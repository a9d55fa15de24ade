package xyz.openledger.protocol.session;

import xyz.openledger.protocol.Check;

/**
 * How fast a machine is, measured by CPU time, one run at a time, in the sandbox that runs the
 * work.
 *
 * @param fuelPerCpuSecond fuel that a gated integer loop burns in one CPU second
 * @param taskRoundTripMicros from handing a warm worker its smallest task to the result; median
 */
public record Benchmark(long fuelPerCpuSecond, int taskRoundTripMicros) {
  /** Checks the ranges. */
  public Benchmark {
    Check.range("fuelPerCpuSecond", fuelPerCpuSecond, 1, 1_000_000_000_000_000L);
    Check.range("taskRoundTripMicros", taskRoundTripMicros, 1, Integer.MAX_VALUE);
  }
}
