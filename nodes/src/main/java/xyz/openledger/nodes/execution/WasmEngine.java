package xyz.openledger.nodes.execution;

/**
 * Turns gated modules into something that runs. Engines are replaceable: the gate has put fuel,
 * call depth and canonical NaNs into the module itself, so that every engine reaches the same
 * outcome. What a host does with a gated module stands in {@link
 * xyz.openledger.verification.gate.GatedModule}.
 */
public interface WasmEngine {
  /**
   * Prepares a module for any number of runs.
   *
   * @param gatedModule the bytes that the gate answered, never a module as submitted
   * @throws ExecutionFault {@code INVALID_MODULE} if this engine cannot read or link it
   */
  LoadedModule load(byte[] gatedModule) throws ExecutionFault;
}
