package xyz.openledger.cluster.cli;

import java.io.Serial;

/** Ends a command with what to tell. */
public final class CommandFailure extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Failure failure;

  /** Ends a command so. */
  public CommandFailure(Failure failure) {
    super(failure.sentence());
    this.failure = failure;
  }

  /** It did not work; {@code next} may help. */
  public static CommandFailure failed(String sentence, String next) {
    return new CommandFailure(new Failure(ExitCode.FAILED, sentence, "", next));
  }

  /** Something was typed wrong, or is missing. */
  public static CommandFailure usage(String sentence, String field, String next) {
    return new CommandFailure(new Failure(ExitCode.USAGE, sentence, field, next));
  }

  /** What to tell. */
  public Failure failure() {
    return failure;
  }
}
