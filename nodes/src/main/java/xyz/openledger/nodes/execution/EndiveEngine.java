package xyz.openledger.nodes.execution;

import java.util.function.Function;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.runtime.InterpreterMachine;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

/** The engines of Endive, which is written in Java alone. */
public enum EndiveEngine implements WasmEngine {
  /** Compiles to Java bytecode: what nodes run. */
  COMPILER {
    @Override
    Function<Instance, Machine> machines(WasmModule module) {
      return MachineFactoryCompiler.builder(module)
          // A function too large for one Java method is interpreted; its results are the same.
          .withInterpreterFallback(InterpreterFallback.SILENT)
          .compile();
    }
  },
  /** Interprets: hundreds of times slower, and the oracle that the compiler is held against. */
  INTERPRETER {
    @Override
    Function<Instance, Machine> machines(WasmModule module) {
      return InterpreterMachine::new;
    }
  };

  abstract Function<Instance, Machine> machines(WasmModule module);

  @Override
  public LoadedModule load(byte[] gatedModule) throws ExecutionFault {
    try {
      WasmModule module = Parser.parse(gatedModule);
      return EndiveModule.of(module, machines(module), gatedModule.length);
    } catch (RuntimeException | AssertionError | LinkageError e) {
      throw new ExecutionFault(
          ExecutionFault.Reason.INVALID_MODULE, "the engine cannot load the module: " + e, e);
    }
  }
}
