package xyz.openledger.nodes.execution;

/**
 * A module that an engine has prepared. Each run has an instance, a memory and a world of its own.
 */
public interface LoadedModule extends AutoCloseable {
  /**
   * Runs {@code _start} to its end on the calling thread.
   *
   * @throws ExecutionFault if this machine could not finish the run; that says nothing about the
   *     task
   */
  Execution run(ExecutionRequest request) throws ExecutionFault;

  /** The size of the gated module in bytes: its weight in a cache. */
  long sizeBytes();

  /** Frees what it holds beside the heap; it is not run any more. */
  @Override
  default void close() {}
}
