package xyz.openledger.nodes.worker;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.nodes.execution.ExecutionRequest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.json.Json;

/**
 * An answer that a node gave, for a model server to compute again by a pass over its tokens. What
 * is put out is a {@link ProductCheck}.
 */
public record GivenAnswer(InferenceQuestion question, InferenceAnswer answer, Outcome outcome) {
  private static final String RECOMPUTE = "recompute";

  /**
   * The request to a model server.
   *
   * @param asked the task as the node was given it; its input is not looked at
   */
  public ExecutionRequest request(ExecutionRequest asked) {
    var arguments = new ArrayList<String>();
    var adapter = Workload.Inference.adapter(asked.arguments());
    if (adapter != null) {
      arguments.add(adapter.toString());
    }
    arguments.add(RECOMPUTE);
    return new ExecutionRequest(asked.taskHash(), arguments, Json.canonical(this), asked.limits());
  }

  /** Whether a request to a model server is of this kind. No job can ask for it. */
  static boolean isOne(ExecutionRequest request) {
    return !request.arguments().isEmpty() && request.arguments().getLast().equals(RECOMPUTE);
  }

  static GivenAnswer read(byte[] input) {
    return Json.read(input, GivenAnswer.class);
  }

  /** The arguments of such a request without the word that makes it one. */
  static List<String> arguments(ExecutionRequest request) {
    return isOne(request)
        ? request.arguments().subList(0, request.arguments().size() - 1)
        : request.arguments();
  }

  /** What a model server put out. */
  public static ProductCheck found(byte[] output) {
    return Json.read(output, ProductCheck.class);
  }
}
