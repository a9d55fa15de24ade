package xyz.openledger.cluster.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import xyz.openledger.models.training.TrainingSegment;
import xyz.openledger.nodes.execution.Execution;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.nodes.worker.WorkerTask;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.json.Json;

/**
 * How an agent saves on training: it makes the first step of a piece only, writes the last one's
 * number on what came out, and asks to be paid for all. What it hands in is a checkpoint like any,
 * with other bits. For the demo and for tests.
 */
final class SkippedSteps {
  private static final String STEP = "step";

  /** It has not looked at the checkpoint that it begins with, and takes pieces for so long. */
  private static final int PIECE_STEPS = 10;

  private SkippedSteps() {}

  /** Whether a task is a piece of a training. */
  static boolean takes(WorkerTask task) {
    var arguments = task.request().arguments();
    return !arguments.isEmpty() && arguments.getFirst().equals(Workload.Finetune.TUNE);
  }

  static CompletionStage<TaskResult> run(TaskRunner honest, WorkerTask task) {
    ExecutionRequest asked = task.request();
    TrainingSegment piece = TrainingSegment.parse(asked.input());
    ObjectNode less = (ObjectNode) Json.tree(asked.input());
    int first = firstStep(less, task);
    less.put("until", first);
    var request =
        new ExecutionRequest(
            asked.taskHash(),
            asked.arguments(),
            less.toString().getBytes(StandardCharsets.UTF_8),
            asked.limits());
    long steps = piece.until() - first + 1L;
    return honest
        .run(new WorkerTask(task.module(), request, task.budget(), task.files()))
        .thenApply(
            result ->
                result instanceof TaskResult.Completed(var code, var made)
                        && made.status() == Outcome.Status.FINISHED
                        && made.exitCode() == 0
                    ? new TaskResult.Completed(code, pretended(made, piece.until(), steps))
                    : result);
  }

  private static int firstStep(ObjectNode segment, WorkerTask task) {
    return task.request().arguments().size() == 2
        ? 1
        : Math.max(1, segment.path("until").asInt() - PIECE_STEPS + 1);
  }

  private static Execution pretended(Execution made, int step, long steps) {
    return new Execution(
        made.status(),
        made.exitCode(),
        made.fuelUsed() * steps,
        stepped(made.output(), step),
        made.detail(),
        made.cpuMicros());
  }

  /** A checkpoint with another step written on it. */
  static byte[] stepped(byte[] checkpoint, int step) {
    ByteBuffer bytes = ByteBuffer.wrap(checkpoint).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong(0));
    ObjectNode tree =
        (ObjectNode) Json.tree(Arrays.copyOfRange(checkpoint, Long.BYTES, Long.BYTES + header));
    ((ObjectNode) tree.get("__metadata__")).put(STEP, Integer.toString(step));
    byte[] text = tree.toString().getBytes(StandardCharsets.UTF_8);
    int rest = checkpoint.length - Long.BYTES - header;
    return ByteBuffer.allocate(Long.BYTES + text.length + rest)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(checkpoint, Long.BYTES + header, rest)
        .array();
  }
}
