package xyz.openledger.nodes.worker;

import java.time.Duration;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.protocol.Check;

/**
 * How many workers there are, and how much each may have.
 *
 * @param workers processes kept warm, 1 to 256; each runs one task at a time
 * @param memoryMaxBytes the most linear memory that a task may ask for, up to 1 GiB; the worker's
 *     heap follows from it
 * @param cpuPercent share of one core for each worker, 1 to 100
 * @param queueMax tasks that may wait for a worker, 0 to 100,000; one more is a fault
 * @param pipelineMax small tasks that may be on their way to one worker at once, 1 to 1,024
 * @param recycleAfterTasks a worker is replaced after this many, at least 1
 * @param spares 0 to 16 more workers that have started, run nothing, and take the place of one that
 *     is lost
 * @param apart whether a worker runs the tasks of one tenant alone
 */
public record WorkerSettings(
    int workers,
    long memoryMaxBytes,
    int cpuPercent,
    int queueMax,
    int pipelineMax,
    int recycleAfterTasks,
    int spares,
    boolean apart) {
  /** How long a worker may take to start. */
  static final Duration START_TIMEOUT = Duration.ofSeconds(30);

  /** How long a worker may take to stop a task by itself before it is killed. */
  static final Duration GRACE = Duration.ofSeconds(1);

  public WorkerSettings {
    Check.range("workers", workers, 1, 256);
    Check.range("memoryMaxBytes", memoryMaxBytes, 1 << 16, ExecutionLimits.MEMORY_CEILING_BYTES);
    Check.range("cpuPercent", cpuPercent, 1, 100);
    Check.range("queueMax", queueMax, 0, 100_000);
    Check.range("pipelineMax", pipelineMax, 1, 1024);
    Check.range("recycleAfterTasks", recycleAfterTasks, 1, Integer.MAX_VALUE);
    Check.range("spares", spares, 0, 16);
  }

  /**
   * That many workers with 256 MiB for each task, a whole core each, and room for a thousand
   * waiting tasks.
   */
  public static WorkerSettings of(int workers) {
    return new WorkerSettings(workers, 256 << 20, 100, 1_000, 32, 250_000, 0, false);
  }

  /** The same with another memory limit. */
  public WorkerSettings withMemoryMaxBytes(long bytes) {
    return new WorkerSettings(
        workers, bytes, cpuPercent, queueMax, pipelineMax, recycleAfterTasks, spares, apart);
  }

  /** The same with another share of a core. */
  public WorkerSettings withCpuPercent(int percent) {
    return new WorkerSettings(
        workers, memoryMaxBytes, percent, queueMax, pipelineMax, recycleAfterTasks, spares, apart);
  }

  /** The same with another queue. */
  public WorkerSettings withQueueMax(int tasks) {
    return new WorkerSettings(
        workers, memoryMaxBytes, cpuPercent, tasks, pipelineMax, recycleAfterTasks, spares, apart);
  }

  /** The same with another life span. */
  public WorkerSettings withRecycleAfterTasks(int tasks) {
    return new WorkerSettings(
        workers, memoryMaxBytes, cpuPercent, queueMax, pipelineMax, tasks, spares, apart);
  }

  /** The same with that many workers in reserve. */
  public WorkerSettings withSpares(int more) {
    return new WorkerSettings(
        workers, memoryMaxBytes, cpuPercent, queueMax, pipelineMax, recycleAfterTasks, more, apart);
  }

  /** The same with each worker for one tenant alone. */
  public WorkerSettings withTenantsApart() {
    return new WorkerSettings(
        workers,
        memoryMaxBytes,
        cpuPercent,
        queueMax,
        pipelineMax,
        recycleAfterTasks,
        spares,
        true);
  }
}
