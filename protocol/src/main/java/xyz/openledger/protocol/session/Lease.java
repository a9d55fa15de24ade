package xyz.openledger.protocol.session;

import com.google.protobuf.ByteString;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.TaskIdentity;

/**
 * One execution of one task, granted to one node.
 *
 * @param fence above every fence the node has seen
 * @param module as submitted
 * @param code the module as the gate rewrites it
 * @param input of the task's standard input
 * @param inlineInput the input itself when it is short; absent if it is to be fetched
 * @param deadlineMillis from its arrival, by the node's own clock
 * @param revealAtOnce with one replica, result and commitment come together
 * @param streamed whether the text of its answer is wanted while it is made
 * @param attest the node's chip has to vouch for the result
 * @param share names nobody; leases whose work one tenant pays for have the same, so that a machine
 *     that serves many at once can share itself out fairly
 * @param saved how far another node had come; absent to begin at the beginning
 */
public record Lease(
    ReplicaId replica,
    long fence,
    Digest module,
    Digest code,
    List<String> arguments,
    Digest input,
    long inputBytes,
    @Nullable ByteString inlineInput,
    long fuelMax,
    long memoryMaxBytes,
    long outputMaxBytes,
    long deadlineMillis,
    boolean revealAtOnce,
    long priceNanoOpenPerGigafuel,
    boolean streamed,
    boolean attest,
    long share,
    @Nullable SavedState saved) {
  private static final int ARGUMENTS_MAX = 64;
  private static final int ARGUMENT_CHARACTERS_MAX = 1_024;
  private static final long INPUT_BYTES_MAX = 1L << 30;

  /** The longest lease. */
  public static final long DEADLINE_MILLIS_MAX = 7L * 86_400_000;

  /** Checks the ranges. */
  public Lease {
    Check.range("fence", fence, 1, Long.MAX_VALUE);
    arguments = List.copyOf(Check.size("arguments", arguments, 0, ARGUMENTS_MAX));
    for (int i = 0; i < arguments.size(); i++) {
      Check.text("arguments[" + i + "]", arguments.get(i), ARGUMENT_CHARACTERS_MAX);
    }
    Check.range("inputBytes", inputBytes, 0, INPUT_BYTES_MAX);
    if (inlineInput != null) {
      Check.range("input", inlineInput.size(), 0, SessionLimits.INLINE_BYTES_MAX);
    }
    Check.range("fuelMax", fuelMax, 1, Long.MAX_VALUE);
    Check.range("memoryMaxBytes", memoryMaxBytes, 0, 1L << 32);
    Check.range("outputMaxBytes", outputMaxBytes, 0, 1L << 30);
    Check.range("deadlineMillis", deadlineMillis, 1, DEADLINE_MILLIS_MAX);
    Check.range("priceNanoOpenPerGigafuel", priceNanoOpenPerGigafuel, 0, Long.MAX_VALUE);
  }

  /** A lease of nobody in particular, whose answer is wanted when it is whole. */
  public Lease(
      ReplicaId replica,
      long fence,
      Digest module,
      Digest code,
      List<String> arguments,
      Digest input,
      long inputBytes,
      @Nullable ByteString inlineInput,
      long fuelMax,
      long memoryMaxBytes,
      long outputMaxBytes,
      long deadlineMillis,
      boolean revealAtOnce,
      long priceNanoOpenPerGigafuel) {
    this(
        replica,
        fence,
        module,
        code,
        arguments,
        input,
        inputBytes,
        inlineInput,
        fuelMax,
        memoryMaxBytes,
        outputMaxBytes,
        deadlineMillis,
        revealAtOnce,
        priceNanoOpenPerGigafuel,
        false,
        false,
        0,
        null);
  }

  /** What determines the outcome: not from where it goes on. */
  public Digest task() {
    return TaskIdentity.of(code, arguments, input, fuelMax, memoryMaxBytes, outputMaxBytes);
  }
}
