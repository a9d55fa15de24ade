package xyz.openledger.cluster.cli;

/** What the process says on leaving. Scripts rely on these numbers: they never change. */
public final class ExitCode {
  /** Done. */
  public static final int OK = 0;

  /** It did not work. */
  public static final int FAILED = 1;

  /** What was typed, or the file that was given, is malformed. */
  public static final int USAGE = 2;

  /** The policy cannot be satisfied. */
  public static final int REFUSED = 3;

  /** The member or the chain does not answer. */
  public static final int UNREACHABLE = 4;

  /** A verification came out false. */
  public static final int FALSE = 5;

  private ExitCode() {}
}
