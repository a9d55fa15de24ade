package xyz.openledger.nodes.worker;

import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;

/** What came of a task. */
public sealed interface TaskResult {

  /**
   * The program ran to an end, whatever end.
   *
   * @param code the digest of the module as the gate rewrote it
   */
  record Completed(Digest code, Execution execution) implements TaskResult {}

  /**
   * The gate refuses the module, here and everywhere.
   *
   * @param reason the gate's code, such as {@code unsupported-feature}
   * @param byteOffset where in the module
   */
  record Refused(String reason, int byteOffset, String sentence) implements TaskResult {}

  /**
   * It had to make room, and this is how far it came.
   *
   * @param fuel burnt from the task's beginning
   */
  @SuppressWarnings("ArrayRecordComponent") // passes through and is never compared
  record Saved(int step, long fuel, byte[] state) implements TaskResult {}

  /**
   * This machine could not; another one may.
   *
   * @param problem {@code deadline-passed}, {@code sandbox-failed}, {@code no-credit}, {@code
   *     saved-state-refused} or {@code unavailable}
   */
  record Faulted(Problem problem, String detail) implements TaskResult {}
}
