package xyz.openledger.nodes.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nodes.benchmark.MachineTurn;
import xyz.openledger.nodes.benchmark.SelfBenchmark;
import xyz.openledger.nodes.execution.ExecutionLimits;
import xyz.openledger.nodes.inventory.MachineProbe;
import xyz.openledger.nodes.sandbox.Container;
import xyz.openledger.nodes.sandbox.Sandbox;
import xyz.openledger.nodes.sandbox.SandboxChoice;
import xyz.openledger.nodes.session.SessionSettings;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.nodes.worker.ModelServer;
import xyz.openledger.nodes.worker.ModelServerSettings;
import xyz.openledger.nodes.worker.OnnxRuntime;
import xyz.openledger.nodes.worker.OnnxWorkers;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.nodes.worker.WorkerPool;
import xyz.openledger.nodes.worker.WorkerSettings;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.session.Benchmark;
import xyz.openledger.protocol.session.Inventory;
import xyz.openledger.protocol.session.Terms;

/** The workers of one agent, in the strongest sandbox that the machine gives. */
final class Workers implements AutoCloseable {
  private static final int QUEUES_PER_CREDIT = 4;
  private static final int MODELS_MAX = 2;
  private static final int SPARES = 1;
  private static final long CACHE_BYTES_MIN = 16L << 20;
  private static final long CACHE_BYTES_MAX = 16L << 30;
  private static final long MODEL_FILES_BYTES_MAX = 16L << 30;
  private static final Duration TURN_PATIENCE = Duration.ofSeconds(60);

  private final SandboxChoice sandbox;
  private final WorkerPool pool;
  private final ModelServer models;
  private final OnnxWorkers onnx;
  private final OnnxRuntime.Found found;
  private final TaskRunner runner;

  private Workers(
      SandboxChoice sandbox,
      WorkerPool pool,
      ModelServer models,
      OnnxWorkers onnx,
      OnnxRuntime.Found found,
      TaskRunner runner) {
    this.onnx = onnx;
    this.found = found;
    this.sandbox = sandbox;
    this.pool = pool;
    this.models = models;
    this.runner = runner;
  }

  /**
   * Starts the workers, each within the terms.
   *
   * @param count absent for one for each slot; more than that have nothing to do
   * @param pods absent for this machine
   */
  static Workers start(
      Terms terms,
      @Nullable Integer count,
      @Nullable PodChoice pods,
      AgentHome home,
      UnaryOperator<TaskRunner> decoration) {
    SandboxChoice sandbox = pods == null ? Sandbox.strongest() : pods.open(home);
    // Leases that were cancelled may still be queued while others have taken their credits.
    int queueMax = QUEUES_PER_CREDIT * SessionSettings.CREDITS_PER_SLOT * terms.slots();
    var settings =
        WorkerSettings.of(count == null ? terms.slots() : Math.min(count, terms.slots()))
            .withMemoryMaxBytes(
                Math.min(ExecutionLimits.MEMORY_CEILING_BYTES, terms.memoryMaxBytesPerSlot()))
            .withCpuPercent(terms.cpuQuotaPercent())
            .withQueueMax(queueMax)
            .withSpares(SPARES);
    boolean inPods = sandbox.sandbox().level() == Sandbox.Level.CONTAINER;
    WorkerPool pool = WorkerPool.start(inPods ? settings.withTenantsApart() : settings, sandbox);
    ModelServer models = ModelServer.open(serving(terms, queueMax), sandbox);
    OnnxRuntime.Found found = OnnxRuntime.find().offered(sandbox.sandbox().level(), terms.labels());
    var onnx = new OnnxWorkers(found.runtime(), computing(settings), sandbox);
    TaskRunner runner =
        task ->
            ModelServer.takes(task)
                ? inPods ? noModels() : models.run(task)
                : OnnxWorkers.takes(task) ? onnx.run(task) : pool.run(task);
    return new Workers(sandbox, pool, models, onnx, found, decoration.apply(runner));
  }

  /** Their files are large and lie here, where a pod sees nothing. */
  private static CompletionStage<TaskResult> noModels() {
    return CompletableFuture.completedFuture(
        new TaskResult.Faulted(
            Problem.SANDBOX_FAILED, "a node whose workers run in pods serves no language models"));
  }

  /** Each is a Java machine that computes all the time: more than there are cores are no use. */
  private static WorkerSettings computing(WorkerSettings settings) {
    int cores = Runtime.getRuntime().availableProcessors();
    return WorkerSettings.of(Math.min(settings.workers(), cores))
        .withMemoryMaxBytes(settings.memoryMaxBytes())
        .withCpuPercent(settings.cpuPercent())
        .withQueueMax(settings.queueMax());
  }

  /**
   * Keys and values may take what the slots may, and each model's what one slot may: so a question
   * that was leased here because a slot has the memory that it asks for can be answered here.
   */
  private static ModelServerSettings serving(Terms terms, int questionsMax) {
    long cache = terms.slots() * terms.memoryMaxBytesPerSlot();
    int cores = Runtime.getRuntime().availableProcessors();
    return new ModelServerSettings(
        questionsMax,
        Math.clamp(terms.slots(), 1, MODELS_MAX),
        Math.clamp(cache, CACHE_BYTES_MIN, CACHE_BYTES_MAX),
        MODEL_FILES_BYTES_MAX,
        Math.clamp((long) terms.slots() * terms.cpuQuotaPercent() / 100, 1, cores));
  }

  /** What the workers make of the terms: which models they can run, if any. */
  Terms announced(Terms terms) {
    OnnxRuntime runtime = found.runtime();
    boolean serves = sandbox.sandbox().level() != Sandbox.Level.CONTAINER;
    return ModelPrices.over(terms, serves)
        .labelled(Workload.Onnx.LABEL, runtime == null ? null : runtime.profile());
  }

  /** Where tasks go. */
  TaskRunner runner() {
    return runner;
  }

  /** What the machine has, as far as the probes can tell. */
  Inventory inventory(Path folder) {
    List<String> degraded = new ArrayList<>(sandbox.degraded());
    pool.cpuShare().degraded().ifPresent(degraded::add);
    pool.slowStart().ifPresent(degraded::add);
    found.missing().ifPresent(degraded::add);
    return MachineProbe.inventory(
        folder, sandbox.sandbox().level().label(), degraded, AgentMain.version());
  }

  /**
   * Measures, when no other agent of this machine does. The decoration is left out: it is the
   * machine that is measured.
   */
  Benchmark measure() throws InterruptedException {
    return MachineTurn.take(
        MachineTurn.file(), TURN_PATIENCE, () -> SelfBenchmark.measure(pool::run));
  }

  @Override
  public void close() {
    models.close();
    onnx.close();
    pool.close();
    if (sandbox.sandbox() instanceof Container(var starter)) {
      starter.close();
    }
  }
}
