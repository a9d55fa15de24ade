package xyz.openledger.nodes.execution;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.WasmEngineException;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Workload;
import xyz.openledger.verification.dispute.Checkpoints;
import xyz.openledger.verification.gate.FuelSchedule;
import xyz.openledger.verification.gate.GatedModule;

/**
 * One run of one module: sets the world up, runs {@code _start}, and says how it ended. Used once.
 */
final class EndiveRun {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final byte[] NO_OUTPUT = new byte[0];

  private final EndiveModule module;
  private final ExecutionRequest request;
  private final boolean traced;
  private final long startNanos = THREADS.getCurrentThreadCpuTime();

  EndiveRun(EndiveModule module, ExecutionRequest request) {
    this.module = module;
    this.request = request;
    this.traced = Workload.Wasm.isTraced(request.arguments());
  }

  Execution run() throws ExecutionFault {
    try {
      int maximum = module.memoryMaximumPages(request.limits().memoryMaxBytes());
      if (module.memoryInitialPages() > maximum) {
        return ended(
            Outcome.Status.TRAPPED, 0, "the module starts with more memory than it may use");
      }
      return run(new LinearMemory(module.memoryInitialPages(), maximum));
    } catch (OutOfMemoryError e) {
      throw new ExecutionFault(
          ExecutionFault.Reason.HEAP_EXHAUSTED, "the heap does not hold the program's memory", e);
    } catch (StackOverflowError e) {
      throw new ExecutionFault(
          ExecutionFault.Reason.STACK_EXHAUSTED, "the stack does not hold the program's calls", e);
    }
  }

  private Execution run(LinearMemory memory) throws ExecutionFault {
    var world = new WasiWorld(told(request), memory);
    var trace = traced ? new StateTrace(memory, world, request.limits().fuelMax()) : null;
    @Nullable Instance instance = null;
    try {
      instance = module.instantiate(memory, world, trace);
      fuelLeft(instance).setValue(request.limits().fuelMax());
      instance.export("_start").apply();
      return finished(0, instance, world, trace);
    } catch (Stop stop) {
      // Not a switch over types: the Java machine would build one in a worker's first run.
      return stop instanceof Stop.Exit exit
          ? finished(exit.code, instance, world, trace)
          : ended(
              Outcome.Status.OUTPUT_EXCEEDED, fuelUsed(instance), "the output limit was reached");
    } catch (WasmInterruptedException e) {
      throw new ExecutionFault(ExecutionFault.Reason.INTERRUPTED, "the run was interrupted", e);
    } catch (WasmEngineException e) {
      return trapped(e, instance, world, memory);
    } catch (RuntimeException e) {
      throw new ExecutionFault(ExecutionFault.Reason.ENGINE_FAILED, "the engine failed: " + e, e);
    }
  }

  /** What the program is told: that its way is noted down is none of its affair. */
  private ExecutionRequest told(ExecutionRequest request) {
    return traced
        ? new ExecutionRequest(
            request.taskHash(),
            request.arguments().subList(0, request.arguments().size() - 1),
            request.input(),
            request.limits())
        : request;
  }

  private Execution trapped(
      WasmEngineException trap, @Nullable Instance instance, WasiWorld world, LinearMemory memory)
      throws ExecutionFault {
    if (trap.getCause() instanceof StackOverflowError) {
      throw new ExecutionFault(
          ExecutionFault.Reason.STACK_EXHAUSTED,
          "the stack does not hold the program's calls",
          trap);
    }
    String reason =
        switch (state(instance)) {
          case GatedModule.STATE_FUEL_EXHAUSTED -> "";
          case GatedModule.STATE_STACK_EXHAUSTED -> "calls nested too deep";
          default -> String.valueOf(trap.getMessage());
        };
    String detail = lines(reason, refusedMemory(memory), world.complaints());
    return state(instance) == GatedModule.STATE_FUEL_EXHAUSTED
        ? ended(Outcome.Status.FUEL_EXHAUSTED, request.limits().fuelMax(), detail)
        : ended(Outcome.Status.TRAPPED, fuelUsed(instance), detail);
  }

  /**
   * A program that asks for more memory than it may have is told no and goes on, as WebAssembly has
   * it: what it then ends of is something else, and this says why.
   */
  private static String refusedMemory(LinearMemory memory) {
    if (memory.refusedGrowths() == 0) {
      return "";
    }
    return ("it was refused more memory %d times: it has %d bytes and may have %d"
            + " (memoryMaxBytes, or the module's own maximum)")
        .formatted(
            memory.refusedGrowths(),
            (long) memory.pages() * Memory.PAGE_SIZE,
            (long) memory.maximumPages() * Memory.PAGE_SIZE);
  }

  private static String lines(String... parts) {
    return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining("\n"));
  }

  private Execution finished(
      int exitCode, @Nullable Instance instance, WasiWorld world, @Nullable StateTrace trace) {
    byte[] output = world.output();
    if (trace != null && instance != null) {
      Checkpoints checkpoints = trace.end(instance);
      if (checkpoints.bytes() > request.limits().outputMaxBytes() - output.length) {
        return ended(
            Outcome.Status.OUTPUT_EXCEEDED,
            fuelUsed(instance),
            "the output limit leaves no room for checkpoints");
      }
      output = checkpoints.behind(output);
    }
    return new Execution(
        Outcome.Status.FINISHED,
        exitCode,
        fuelUsed(instance),
        output,
        world.complaints(),
        cpuMicros());
  }

  private Execution ended(Outcome.Status status, long fuelUsed, String detail) {
    return new Execution(status, 0, fuelUsed, NO_OUTPUT, detail, cpuMicros());
  }

  private static GlobalInstance fuelLeft(Instance instance) {
    return instance.exports().global(GatedModule.FUEL_EXPORT);
  }

  private long fuelUsed(@Nullable Instance instance) {
    return instance == null
        ? 0
        : FuelSchedule.used(request.limits().fuelMax(), fuelLeft(instance).getValue());
  }

  private static int state(@Nullable Instance instance) {
    return instance == null
        ? GatedModule.STATE_RUNNING
        : (int) instance.exports().global(GatedModule.STATE_EXPORT).getValue();
  }

  private long cpuMicros() {
    return (THREADS.getCurrentThreadCpuTime() - startNanos) / 1000;
  }
}
