package xyz.openledger.nodes.execution;

import java.io.Serial;

/**
 * A refusal as WASI preview 1 puts it: the number that a host function answers instead of doing
 * what it was asked. Thrown inside the host, never through the program, so it carries no stack
 * trace.
 */
final class Errno extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  static final int SUCCESS = 0;

  /** The descriptor is not open, or not for this. */
  static final Errno BADF = new Errno(8);

  /** A pointer leaves the memory. */
  static final Errno FAULT = new Errno(21);

  /** An argument makes no sense. */
  static final Errno INVAL = new Errno(28);

  /** A stream that only goes forward. */
  static final Errno SPIPE = new Errno(70);

  final int number;

  private Errno(int number) {
    super("errno " + number, null, false, false);
    this.number = number;
  }
}
