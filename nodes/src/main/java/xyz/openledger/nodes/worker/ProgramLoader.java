package xyz.openledger.nodes.worker;

import xyz.openledger.nodes.execution.ExecutionFault;
import xyz.openledger.nodes.execution.LoadedModule;
import xyz.openledger.nodes.execution.MatmulModule;
import xyz.openledger.nodes.execution.PrivateModelModule;
import xyz.openledger.nodes.execution.WasmEngine;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.verification.gate.GateRefusal;
import xyz.openledger.verification.gate.GatedModule;
import xyz.openledger.verification.matmul.NetworkBytes;
import xyz.openledger.verification.matmul.NetworkRefusal;
import xyz.openledger.verification.zk.ModelProgram;

/** Loads programs, networks of integer operators, and names of private models. */
final class ProgramLoader implements WorkerLoop.Loader {
  /** What the gate makes of a module; throws {@link GateRefusal}. */
  @FunctionalInterface
  interface Gate {
    GatedModule admit(byte[] module);
  }

  private final Gate gate;
  private final WasmEngine engine;

  ProgramLoader(Gate gate, WasmEngine engine) {
    this.gate = gate;
    this.engine = engine;
  }

  @Override
  public WorkerLoop.Kept load(Digest module, byte[] bytes) throws ExecutionFault, ModuleRefused {
    if (NetworkBytes.begin(bytes)) {
      return new WorkerLoop.Kept(module, network(bytes));
    }
    if (ModelProgram.begin(bytes)) {
      return new WorkerLoop.Kept(module, privateModel(bytes));
    }
    try {
      GatedModule gated = gate.admit(bytes);
      return new WorkerLoop.Kept(gated.code(), engine.load(gated.bytes()));
    } catch (GateRefusal refusal) {
      throw new ModuleRefused(refusal.reason(), refusal.byteOffset(), refusal.sentence());
    }
  }

  /** A network needs no gate: it is numbers, and its own digest is its identity. */
  private static LoadedModule network(byte[] bytes) throws ModuleRefused {
    try {
      return MatmulModule.load(bytes);
    } catch (NetworkRefusal refusal) {
      throw new ModuleRefused("malformed", refusal.byteOffset(), refusal.sentence());
    }
  }

  /** Neither does a private model: it is the name of one. */
  private static LoadedModule privateModel(byte[] bytes) throws ModuleRefused {
    try {
      return PrivateModelModule.load(bytes);
    } catch (ProblemException refusal) {
      throw new ModuleRefused("malformed", 0, refusal.detail());
    }
  }
}
