package xyz.openledger.verification.matmul;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a task of a network puts out beside its result, by its arguments. */
public enum Shows {
  /** Nothing. */
  RESULT(0),
  /** Every product. */
  TRACE(1),
  /** Every product, and a proof of each. */
  PROOF(2);

  /** The argument for every product. */
  public static final String TRACE_ARGUMENT = "trace";

  /** The argument for every product and its proof. */
  public static final String PROOF_ARGUMENT = "proof";

  private final byte code;

  Shows(int code) {
    this.code = (byte) code;
  }

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
  public byte code() {
    return code;
  }

  /** That with a number; null if there is none. */
  static @Nullable Shows of(byte code) {
    return switch (code) {
      case 0 -> RESULT;
      case 1 -> TRACE;
      case 2 -> PROOF;
      default -> null;
    };
  }
}
