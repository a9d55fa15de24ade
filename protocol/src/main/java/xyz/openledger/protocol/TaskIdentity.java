package xyz.openledger.protocol;

import java.util.List;

/**
 * All that determines a task's outcome, as one digest. Its bytes also seed the program's randomness
 * and clock.
 */
public final class TaskIdentity {
  private TaskIdentity() {}

  /**
   * The identity of one task.
   *
   * @param code the digest of the gated module, not of the module as submitted; of a network as it
   *     is
   */
  public static Digest of(Digest code, JobSpec.Task task, Workload limits) {
    return of(
        code,
        task.arguments(),
        task.input(),
        limits.fuelMax(),
        limits.memoryMaxBytes(),
        limits.outputMaxBytes());
  }

  /** The same from its parts, for a node that holds a lease and no job. */
  public static Digest of(
      Digest code,
      List<String> arguments,
      Digest input,
      long fuelMax,
      long memoryMaxBytes,
      long outputMaxBytes) {
    return Domain.of("task")
        .digest(code)
        .texts(arguments)
        .digest(input)
        .int64(fuelMax)
        .int64(memoryMaxBytes)
        .int64(outputMaxBytes)
        .digest();
  }
}
