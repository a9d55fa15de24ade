package xyz.openledger.cluster.cli;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import xyz.openledger.nodes.execution.EndiveEngine;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionFault;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TaskIdentity;
import xyz.openledger.verification.gate.GateLimits;
import xyz.openledger.verification.gate.GatedModule;

/**
 * One run of a gated module in this process, on the engine that nodes use. The gate's counters keep
 * it within its limits; nodes put a sandbox around it besides.
 */
final class DryRun {
  private DryRun() {}

  /** What came of it, and the identity under which it would run anywhere. */
  record Result(Digest task, Execution execution) {}

  static Result of(
      GatedModule module, List<String> arguments, byte[] input, ExecutionLimits limits) {
    Digest task =
        TaskIdentity.of(
            module.code(),
            arguments,
            Digest.of(input),
            limits.fuelMax(),
            limits.memoryMaxBytes(),
            limits.outputMaxBytes());
    var request = new ExecutionRequest(task, arguments, input, limits);
    var result = new CompletableFuture<Execution>();
    // A thread of its own, because its stack has to hold the deepest calls that the gate allows.
    long stackBytes = 2 * GateLimits.DEFAULT.threadStackBytes();
    new Thread(null, () -> run(module, request, result), "task", stackBytes).start();
    try {
      return new Result(task, result.join());
    } catch (CompletionException failed) {
      throw CommandFailure.failed(
          "this machine could not run the module: " + failed.getCause().getMessage(),
          "OPENLEDGER_JAVA_OPTS=-Xmx2g openledger task check …");
    }
  }

  private static void run(
      GatedModule module, ExecutionRequest request, CompletableFuture<Execution> result) {
    try {
      result.complete(EndiveEngine.COMPILER.load(module.bytes()).run(request));
    } catch (ExecutionFault | RuntimeException | Error fault) {
      result.completeExceptionally(fault);
    }
  }
}
