package xyz.openledger.verification.gate;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.ExecutionListener;
import run.endive.runtime.Instance;
import run.endive.runtime.InterpreterMachine;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;
import xyz.openledger.protocol.Digest;

/** Runs modules, gated or plain, on Endive's compiler or its interpreter. */
enum Endive {
  COMPILER,
  INTERPRETER;

  Run run(byte[] module, long fuel) {
    return run(new Task(module, fuel));
  }

  /** Runs on a thread of the size that the gate asks for. */
  Run run(Task task) {
    return run(task, null);
  }

  /** Runs a plain module on the interpreter and shows each instruction to {@code listener}. */
  static Run observe(byte[] module, ExecutionListener listener) {
    return INTERPRETER.run(new Task(module, 0), listener);
  }

  private Run run(Task task, @Nullable ExecutionListener listener) {
    var result = new CompletableFuture<Run>();
    Runnable work =
        () -> {
          try {
            result.complete(start(task, listener));
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        };
    new Thread(null, work, "wasm", GateLimits.DEFAULT.threadStackBytes()).start();
    return result.join();
  }

  private Run start(Task task, @Nullable ExecutionListener listener) {
    var module = Parser.parse(task.module());
    var host = new TestHost(task.input(), task.arguments());
    var builder =
        Instance.builder(module)
            .withImportValues(host.imports())
            .withStart(false)
            .withMachineFactory(machine(module));
    if (listener != null) {
      builder.withUnsafeExecutionListener(listener);
    }
    var instance = builder.build();
    boolean gated = isGated(module);
    if (gated) {
      instance.exports().global(GatedModule.FUEL_EXPORT).setValue(task.fuel());
    }
    String end = end(instance);
    long left = gated ? global(instance, GatedModule.FUEL_EXPORT) : task.fuel();
    byte[] memory =
        instance.memory().readBytes(0, instance.memory().pages() * ModuleChecker.PAGE_BYTES);
    return new Run(
        end,
        FuelSchedule.used(task.fuel(), left),
        gated ? (int) global(instance, GatedModule.STATE_EXPORT) : 0,
        Digest.of(memory).hex(),
        Digest.of(host.output()).hex());
  }

  private Function<Instance, Machine> machine(WasmModule module) {
    return switch (this) {
      case COMPILER -> MachineFactoryCompiler.compile(module);
      case INTERPRETER -> InterpreterMachine::new;
    };
  }

  private static boolean isGated(WasmModule module) {
    var exports = module.exportSection();
    for (int i = 0; i < exports.exportCount(); i++) {
      if (exports.getExport(i).name().equals(GatedModule.FUEL_EXPORT)) {
        return true;
      }
    }
    return false;
  }

  private static long global(Instance instance, String name) {
    return instance.exports().global(name).getValue();
  }

  private static String end(Instance instance) {
    try {
      instance.export("_start").apply();
      return "returned";
    } catch (TestHost.Exit exit) {
      return "exit " + exit.code;
    } catch (WasmEngineException trap) {
      return trap.getCause() instanceof StackOverflowError ? "failed: stack" : "trapped";
    }
  }
}
