package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.sandbox.SandboxChoice;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.TaskIdentity;
import xyz.openledger.verification.gate.GateLimits;
import xyz.openledger.verification.gate.GateRefusal;
import xyz.openledger.verification.gate.GateReport;
import xyz.openledger.verification.gate.GatedModule;
import xyz.openledger.verification.gate.WasmGate;

/**
 * One task run here as a node would run it: through the gate, in a worker, in this machine's
 * strongest sandbox. The outcome is the one that the network will agree on.
 *
 * @param module digest of the module as submitted
 * @param code digest of the module as the gate rewrote it; empty if the gate refused
 * @param gate what the gate saw; empty if it refused
 * @param sandbox what it ran in
 */
public record LocalRun(
    Digest module,
    Optional<Digest> code,
    Optional<GateReport> gate,
    SandboxChoice sandbox,
    TaskResult result) {

  /**
   * What to run.
   *
   * @param module a file of up to 64 MiB
   * @param input a file of up to 64 MiB, or empty for no input
   * @param budget the most wall-clock time
   */
  public record Task(
      Path module,
      Optional<Path> input,
      List<String> arguments,
      ExecutionLimits limits,
      Duration budget) {}

  /**
   * Runs it, in a worker that is started for it and ends with it.
   *
   * @throws IOException if a file cannot be read
   * @throws xyz.openledger.protocol.ProblemException if a file or an argument is too large
   */
  public static LocalRun of(Task task, SandboxChoice sandbox) throws IOException {
    byte[] bytes = read("module", task.module());
    byte[] input = task.input().isPresent() ? read("input", task.input().get()) : new byte[0];
    var module = WorkerModule.of(bytes);
    try {
      GatedModule gated = WasmGate.admit(bytes, GateLimits.DEFAULT);
      var request =
          new ExecutionRequest(
              taskHash(gated.code(), task, input), task.arguments(), input, task.limits());
      var result = run(new WorkerTask(module, request, task.budget()), sandbox);
      return new LocalRun(
          module.digest(), Optional.of(gated.code()), Optional.of(gated.report()), sandbox, result);
    } catch (GateRefusal refusal) {
      var refused =
          new TaskResult.Refused(refusal.reason(), refusal.byteOffset(), refusal.sentence());
      return new LocalRun(module.digest(), Optional.empty(), Optional.empty(), sandbox, refused);
    }
  }

  private static TaskResult run(WorkerTask task, SandboxChoice sandbox) {
    long memory = Math.max(1 << 16, task.request().limits().memoryMaxBytes());
    try (var pool = WorkerPool.start(WorkerSettings.of(1).withMemoryMaxBytes(memory), sandbox)) {
      return pool.run(task).join();
    }
  }

  private static Digest taskHash(Digest code, Task task, byte[] input) {
    ExecutionLimits limits = task.limits();
    return TaskIdentity.of(
        code,
        task.arguments(),
        Digest.of(input),
        limits.fuelMax(),
        limits.memoryMaxBytes(),
        limits.outputMaxBytes());
  }

  private static byte[] read(String field, Path file) throws IOException {
    Check.range(field, Files.size(file), 0, WorkerTask.BLOB_MAX_BYTES);
    return Files.readAllBytes(file);
  }
}
