package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import xyz.openledger.cluster.cli.ExampleTask;
import xyz.openledger.nodes.agent.AgentMain;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.nodes.worker.ModelServer;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.nodes.worker.WorkerTask;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.tensors.Tensors;
import xyz.openledger.verification.dispute.Checkpoints;
import xyz.openledger.verification.matmul.NetworkRun;
import xyz.openledger.verification.matmul.NetworkTask;
import xyz.openledger.verification.matmul.Operator;
import xyz.openledger.verification.matmul.ResultBytes;
import xyz.openledger.verification.matmul.Shows;
import xyz.openledger.verification.matmul.Tensor;
import xyz.openledger.verification.matmul.TraceTree;

/**
 * An agent that lies with care: of the example's network it changes one number of a product, and
 * makes everything after it fit, the root of the trace too; of four floats it moves the last, by
 * the smallest step if the first is 1, by half if it is 2, by anything if it is 3, by half from the
 * third such task on if it is 4, and in the first alone if it is 5; of a model it asks something
 * else.
 */
public final class LyingAgent {
  private static final int MAGIC = 0x4f4c4d52;
  private static final int FLOATS_BYTES = 16;

  private static final AtomicInteger SLEPT = new AtomicInteger();
  private static final AtomicInteger TRIED = new AtomicInteger();

  private LyingAgent() {}

  /** Runs the agent's command line. */
  public static void main(String[] arguments) {
    System.exit(AgentMain.run(arguments, LyingAgent::lying));
  }

  private static TaskRunner lying(TaskRunner honest) {
    return task ->
        honest
            .run(another(task))
            .thenApply(
                told ->
                    told instanceof TaskResult.Completed(var code, var execution)
                        ? new TaskResult.Completed(code, lie(execution))
                        : told);
  }

  /** Another animal, and as many tokens: text, fuel and commitments fit one another. */
  private static WorkerTask another(WorkerTask task) {
    if (!ModelServer.takes(task)) {
      return task;
    }
    ExecutionRequest asked = task.request();
    String question = new String(asked.input(), StandardCharsets.UTF_8);
    var other =
        new ExecutionRequest(
            asked.taskHash(),
            asked.arguments(),
            question.replace("cat", "dog").getBytes(StandardCharsets.UTF_8),
            asked.limits());
    return new WorkerTask(
        task.module(),
        other,
        task.budget(),
        task.files(),
        task.words(),
        task.share(),
        task.saved(),
        task.stopped());
  }

  private static Execution lie(Execution honest) {
    byte[] output = honest.output();
    if (Tensors.begin(output)) {
      return said(honest, movedTensor(output));
    }
    var traced = Checkpoints.read(output).orElse(null);
    if (traced != null && traced.output().length == FLOATS_BYTES) {
      return said(honest, lastChanged(traced.checkpoints()).behind(moved(traced.output())));
    }
    if (output.length == FLOATS_BYTES) {
      return said(honest, moved(output));
    }
    return output.length > Integer.BYTES && ByteBuffer.wrap(output).getInt() == MAGIC
        ? said(honest, changed(output))
        : honest;
  }

  private static Checkpoints lastChanged(Checkpoints honest) {
    var all = new ArrayList<>(honest.all());
    var last = all.removeLast();
    all.add(new Checkpoints.At(last.fuelUsed(), Digest.of(last.state().bytes())));
    return new Checkpoints(all);
  }

  private static byte[] moved(byte[] output) {
    byte[] moved = output.clone();
    var floats = ByteBuffer.wrap(moved).order(ByteOrder.LITTLE_ENDIAN);
    float last = floats.getFloat(12);
    switch ((int) floats.getFloat(0)) {
      case 1 -> floats.putFloat(12, Math.nextUp(last));
      case 2 -> floats.putFloat(12, last * 1.5f);
      case 3 -> floats.putFloat(12, ThreadLocalRandom.current().nextFloat());
      case 4 -> floats.putFloat(12, SLEPT.getAndIncrement() < 2 ? last : last * 1.5f);
      case 5 -> floats.putFloat(12, TRIED.getAndIncrement() > 0 ? last : last * 1.5f);
      default -> {
        // Not one of those tasks.
      }
    }
    return moved;
  }

  /** The last number, by as much as the first number says. */
  private static byte[] movedTensor(byte[] output) {
    float first = Tensors.read(output).getFirst().floats()[0];
    byte[] moved = output.clone();
    var floats = ByteBuffer.wrap(moved).order(ByteOrder.LITTLE_ENDIAN);
    float last = floats.getFloat(moved.length - Float.BYTES);
    floats.putFloat(moved.length - Float.BYTES, first == 1 ? Math.nextUp(last) : last * 1.5f);
    return moved;
  }

  private static byte[] changed(byte[] output) {
    NetworkTask task = task();
    ResultBytes said = ResultBytes.read(task.network(), task.rows(), output);
    var first = said.products().getFirst();
    int[] numbers = first.elements().clone();
    numbers[numbers.length / 2] += 1_000;
    List<Tensor> outputs = new ArrayList<>();
    var products = new ArrayList<Tensor.Int32>();
    for (Operator operator : task.network().operators()) {
      if (operator instanceof Operator.Product product) {
        Tensor.Int32 made =
            products.isEmpty()
                ? new Tensor.Int32(first.rows(), first.columns(), numbers)
                : NetworkRun.product(
                    product,
                    (Tensor.Int8) NetworkRun.source(task.tensor(), outputs, product.source()),
                    () -> {});
        products.add(made);
        outputs.add(made);
      } else {
        outputs.add(NetworkRun.step(operator, task.tensor(), outputs));
      }
    }
    var root = TraceTree.of(task.network(), task.tensor(), outputs).root();
    return new ResultBytes(root, outputs.getLast(), products, said.proofs())
        .write(said.proofs().isEmpty() ? Shows.TRACE : Shows.PROOF);
  }

  private static NetworkTask task() {
    try {
      return ExampleTask.read(Demo.home().resolve("examples/matmul/job.json"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Execution said(Execution honest, byte[] output) {
    return new Execution(
        honest.status(),
        honest.exitCode(),
        honest.fuelUsed(),
        output,
        honest.detail(),
        honest.cpuMicros());
  }
}
