package xyz.openledger.nodes.execution;

import java.io.Serial;

/** The numbers by which WASI preview 1 says that a call did not do what it was asked. */
enum Errno {
  /** The descriptor is not open, or not for this. */
  BADF(8),
  /** A pointer leaves the memory. */
  FAULT(21),
  /** An argument makes no sense. */
  INVAL(28),
  /** A stream that only goes forward. */
  SPIPE(70);

  static final int SUCCESS = 0;

  final int number;

  Errno(int number) {
    this.number = number;
  }

  /** Thrown inside the host and never through the program, so it carries no stack trace. */
  Refusal refusal() {
    return new Refusal(this);
  }

  /** A call that is refused. */
  static final class Refusal extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    final Errno errno;

    private Refusal(Errno errno) {
      super("refused with " + errno, null, false, false);
      this.errno = errno;
    }
  }
}
