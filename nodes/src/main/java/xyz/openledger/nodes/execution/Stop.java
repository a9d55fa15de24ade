package xyz.openledger.nodes.execution;

import java.io.Serial;

/**
 * Unwinds a program from inside a host function. Carries no stack trace: it is an ending, not an
 * error.
 */
abstract sealed class Stop extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private Stop() {
    super(null, null, false, false);
  }

  /** The program called {@code proc_exit}. */
  static final class Exit extends Stop {
    @Serial private static final long serialVersionUID = 1;

    final int code;

    Exit(int code) {
      this.code = code;
    }
  }

  /** The program wrote more than its output limit. */
  static final class OutputFull extends Stop {
    @Serial private static final long serialVersionUID = 1;
  }
}
