package xyz.openledger.nodes.execution;

import java.io.Serial;

/**
 * This machine could not run the task to its end. Never a result: another machine may well manage.
 */
public final class ExecutionFault extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** Why not. */
  public enum Reason {
    /**
     * The module is not one that this engine can read and link; the gate should have refused it.
     */
    INVALID_MODULE,
    /** The thread was interrupted: the wall-clock deadline passed. */
    INTERRUPTED,
    /** The thread's stack is too small for the depth that the gate allows. */
    STACK_EXHAUSTED,
    /** The heap is too small for the memory that the task may use. */
    HEAP_EXHAUSTED,
    /** The state that another machine saved is none to go on from. */
    SAVED_STATE_REFUSED,
    /** The engine broke. */
    ENGINE_FAILED
  }

  private final Reason reason;

  ExecutionFault(Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  ExecutionFault(Reason reason, String detail, Throwable cause) {
    super(detail, cause);
    this.reason = reason;
  }

  /** Why this machine could not. */
  public Reason reason() {
    return reason;
  }
}
