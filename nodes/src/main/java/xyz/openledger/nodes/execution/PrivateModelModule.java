package xyz.openledger.nodes.execution;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import xyz.openledger.verification.zk.ModelProgram;
import xyz.openledger.verification.zk.ModelTask;

/** A private model, ready to have proofs of its answers checked. */
public final class PrivateModelModule implements LoadedModule {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final ModelProgram program;
  private final long sizeBytes;

  private PrivateModelModule(ModelProgram program, long sizeBytes) {
    this.program = program;
    this.sizeBytes = sizeBytes;
  }

  /**
   * Reads what names the model.
   *
   * @throws xyz.openledger.protocol.ProblemException if it is none
   */
  public static PrivateModelModule load(byte[] bytes) {
    return new PrivateModelModule(ModelProgram.read(bytes), bytes.length);
  }

  @Override
  public Execution run(ExecutionRequest request) {
    long startNanos = THREADS.getCurrentThreadCpuTime();
    ExecutionLimits limits = request.limits();
    ModelTask.Ending ending =
        new ModelTask(program, request.arguments(), limits.fuelMax(), limits.outputMaxBytes())
            .run(request.input());
    return new Execution(
        ending.status(),
        ending.exitCode(),
        ending.fuelUsed(),
        ending.output(),
        ending.detail(),
        (THREADS.getCurrentThreadCpuTime() - startNanos) / 1_000);
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }
}
