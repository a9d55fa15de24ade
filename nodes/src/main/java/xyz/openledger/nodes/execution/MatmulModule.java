package xyz.openledger.nodes.execution;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.verification.matmul.Network;
import xyz.openledger.verification.matmul.NetworkBytes;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Shows;
import xyz.openledger.verification.sumcheck.ProvenRun;

/** A network of integer operators, ready to run on rows of int8. */
public final class MatmulModule implements LoadedModule {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int EXIT_BAD_ARGUMENTS = 2;

  private final Network network;
  private final long sizeBytes;

  private MatmulModule(Network network, long sizeBytes) {
    this.network = network;
    this.sizeBytes = sizeBytes;
  }

  /**
   * Reads a network.
   *
   * @throws xyz.openledger.verification.matmul.NetworkRefusal if it is none
   */
  public static MatmulModule load(byte[] bytes) {
    return new MatmulModule(NetworkBytes.read(bytes), bytes.length);
  }

  @Override
  public Execution run(ExecutionRequest request) throws ExecutionFault {
    long startNanos = THREADS.getCurrentThreadCpuTime();
    if (!NetworkTask.takes(request.arguments())) {
      return new Execution(
          Outcome.Status.FINISHED,
          EXIT_BAD_ARGUMENTS,
          0,
          new byte[0],
          "a matmul task takes the argument trace, the argument proof, or none",
          0);
    }
    ExecutionLimits limits = request.limits();
    var task =
        new NetworkTask(
            network,
            request.input(),
            Shows.of(request.arguments()),
            limits.fuelMax(),
            limits.memoryMaxBytes(),
            limits.outputMaxBytes());
    NetworkTask.Ending ending = task.ending();
    byte[] output = run(task);
    return new Execution(
        ending.status(),
        0,
        ending.fuelUsed(),
        output,
        ending.detail(),
        (THREADS.getCurrentThreadCpuTime() - startNanos) / 1_000);
  }

  private static byte[] run(NetworkTask task) throws ExecutionFault {
    try {
      return ProvenRun.of(task, MatmulModule::pause);
    } catch (Interrupted e) {
      throw new ExecutionFault(ExecutionFault.Reason.INTERRUPTED, "the run was interrupted", e);
    } catch (OutOfMemoryError e) {
      throw new ExecutionFault(
          ExecutionFault.Reason.HEAP_EXHAUSTED, "the heap does not hold the task's tensors", e);
    }
  }

  private static void pause() {
    if (Thread.interrupted()) {
      throw new Interrupted();
    }
  }

  /** Ends a run from between two rows. */
  private static final class Interrupted extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }
}
