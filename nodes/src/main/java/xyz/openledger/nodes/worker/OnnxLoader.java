package xyz.openledger.nodes.worker;

import xyz.openledger.nodes.execution.ExecutionFault;
import xyz.openledger.nodes.execution.OnnxModule;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;

/** Loads models of ONNX. A model is numbers and operators of a list: its digest is its identity. */
final class OnnxLoader implements WorkerLoop.Loader {
  @Override
  public WorkerLoop.Kept load(Digest module, byte[] bytes) throws ExecutionFault, ModuleRefused {
    try {
      return new WorkerLoop.Kept(module, OnnxModule.load(bytes));
    } catch (ProblemException refusal) {
      String sentence = "%s %s".formatted(refusal.field(), refusal.detail()).strip();
      throw new ModuleRefused("malformed", 0, sentence);
    }
  }
}
