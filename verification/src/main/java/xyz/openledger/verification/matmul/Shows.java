package xyz.openledger.verification.matmul;

import java.util.List;

/** What a task of a network puts out beside its result, by its arguments. */
public enum Shows {
  /** Nothing. */
  RESULT,
  /** Every product. */
  TRACE,
  /** Every product, and a proof of each. */
  PROOF;

  /** The argument for every product. */
  public static final String TRACE_ARGUMENT = "trace";

  /** The argument for every product and its proof. */
  public static final String PROOF_ARGUMENT = "proof";

  /** Whether these are arguments of a task. */
  public static boolean takes(List<String> arguments) {
    return arguments.isEmpty()
        || arguments.equals(List.of(TRACE_ARGUMENT))
        || arguments.equals(List.of(PROOF_ARGUMENT));
  }

  /** What these arguments ask for; the last of all if they are none of a task. */
  public static Shows of(List<String> arguments) {
    return arguments.isEmpty() ? RESULT : arguments.equals(List.of(TRACE_ARGUMENT)) ? TRACE : PROOF;
  }

  /** Its number in {@link ResultBytes}. */
  byte code() {
    return (byte) ordinal();
  }
}
