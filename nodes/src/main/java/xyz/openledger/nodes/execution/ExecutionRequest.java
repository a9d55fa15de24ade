package xyz.openledger.nodes.execution;

import java.util.List;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;

/**
 * All that a run depends on, besides the code.
 *
 * @param taskHash the task's identity: seeds what the program gets as random
 * @param arguments follow the program's own name, which is always {@code task}; at most {@value
 *     #ARGUMENTS_MAX} of up to {@value #ARGUMENT_CHARACTERS_MAX} characters, none with a NUL
 * @param input what the program reads from its standard input; not copied, so the caller leaves it
 *     alone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; copying megabytes helps nobody
public record ExecutionRequest(
    Digest taskHash, List<String> arguments, byte[] input, ExecutionLimits limits) {
  /** The most arguments. */
  public static final int ARGUMENTS_MAX = 64;

  /** The longest argument. */
  public static final int ARGUMENT_CHARACTERS_MAX = 1024;

  public ExecutionRequest {
    arguments = List.copyOf(Check.size("arguments", arguments, 0, ARGUMENTS_MAX));
    for (int i = 0; i < arguments.size(); i++) {
      String field = "arguments[" + i + "]";
      if (Check.text(field, arguments.get(i), ARGUMENT_CHARACTERS_MAX).indexOf('\0') >= 0) {
        throw Check.refusal(field, "must not contain a NUL, which ends a C string");
      }
    }
  }
}
