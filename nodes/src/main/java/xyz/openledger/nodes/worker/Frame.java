package xyz.openledger.nodes.worker;

import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;

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
   */
  record Run(int id, Digest module, int budgetMillis, ExecutionRequest request) implements Order {}

  /** Stop the order of this id, if it still runs; its answer says that it was stopped. */
  record Cancel(int id) implements Order {}

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
   * This worker could not.
   *
   * @param reason the name of an {@code ExecutionFault.Reason}
   */
  record Faulted(int id, String reason, String detail) implements Answer {}
}
