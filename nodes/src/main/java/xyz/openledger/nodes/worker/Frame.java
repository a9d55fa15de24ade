package xyz.openledger.nodes.worker;

import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.SavedState;

/**
 * What the agent and a worker say to one another. Answers come in the order of what they answer.
 *
 * <pre>
 *   frame  = length (4 bytes, of what follows)  kind (1 byte)  fields in the order of the record
 *   int, long, digest     4, 8 and 32 bytes, big-endian
 *   bytes, text (UTF-8)   length (4 bytes), then the bytes
 *   list of texts         count (4 bytes), then each
 * </pre>
 */
sealed interface Frame {
  /** Spoken by both sides or not at all: agent and worker come from the same release. */
  int VERSION = 1;

  /** The longest frame: the largest module or input, and room for the rest. */
  int LENGTH_MAX = (64 << 20) + (1 << 20);

  /** What the agent sends. */
  sealed interface Order extends Frame {
    /** Chosen by the agent; the answer repeats it. */
    int id();
  }

  /** What a worker answers to an order. */
  sealed interface Answer extends Frame {
    /** Of the order. */
    int id();
  }

  /** Pass this module through the gate and keep it under its digest. */
  @SuppressWarnings("ArrayRecordComponent") // passes through and is never compared
  record Load(int id, Digest module, byte[] bytes) implements Order {}

  /**
   * Run a module that was loaded.
   *
   * @param budgetMillis wall-clock time from the moment the worker takes the order up
   * @param share of {@link WorkerTask}
   * @param saved from where to go on; null for the beginning
   */
  record Run(
      int id,
      Digest module,
      int budgetMillis,
      long share,
      ExecutionRequest request,
      @Nullable SavedState saved)
      implements Order {
    /** A run from the beginning. */
    Run(int id, Digest module, int budgetMillis, long share, ExecutionRequest request) {
      this(id, module, budgetMillis, share, request, null);
    }
  }

  /**
   * The order of this id has to make room: if it is not done within this time, it saves how far it
   * came, and that is its answer.
   */
  record Yield(int id, int millis) implements Order {}

  /** Stop the order of this id, if it still runs; its answer says that it was stopped. */
  record Cancel(int id) implements Order {}

  /** Are you there? Chosen by the agent; {@link Pong} repeats it, whatever else is under way. */
  record Ping(int id) implements Order {}

  /** Say the text of that order's answer while it is made; comes before the order. */
  record Listen(int id) implements Frame {}

  /** More of the text of an order's answer. */
  record Grew(int id, String text) implements Frame {}

  /** Whoever read the ping is there. */
  record Pong(int id) implements Frame {}

  /** One step of a model was computed for so many answers: more than for any step before. */
  record Together(int answers) implements Frame {}

  /** The worker has started and speaks this version. */
  record Ready(int version) implements Frame {}

  /** The module is ready; its gated form has this digest. */
  record Loaded(int id, Digest code) implements Answer {}

  /** The gate refuses the module. */
  record Refused(int id, String reason, int byteOffset, String sentence) implements Answer {}

  /** The module is not here, or not any more: load it first. */
  record Unknown(int id) implements Answer {}

  /** The program ran to an end. */
  record Ran(int id, Digest code, Execution execution) implements Answer {}

  /**
   * The order was stopped, and this is how far it came.
   *
   * @param fuel burnt from the task's beginning
   */
  @SuppressWarnings("ArrayRecordComponent") // passes through and is never compared
  record Saved(int id, int step, long fuel, byte[] state) implements Answer {}

  /**
   * This worker could not.
   *
   * @param reason the name of an {@code ExecutionFault.Reason}
   */
  record Faulted(int id, String reason, String detail) implements Answer {}
}
