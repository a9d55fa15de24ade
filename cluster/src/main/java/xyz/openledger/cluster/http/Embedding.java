package xyz.openledger.cluster.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.api.Requester;
import xyz.openledger.cluster.openai.EmbeddingRequest;
import xyz.openledger.cluster.openai.InferenceJob;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.ModelView;
import xyz.openledger.protocol.inference.InferenceAnswer;

/** Takes texts to one job, a task each, and its outputs to their embeddings. */
final class Embedding {
  private final Answering answering;

  Embedding(Answering answering) {
    this.answering = answering;
  }

  /**
   * The answer to the body of a request.
   *
   * @param header the policy that a header names; absent if none does
   * @param wait for the job
   */
  CompletionStage<ObjectNode> answer(
      Requester requester,
      JsonNode body,
      String key,
      @Nullable String header,
      Function<JobId, CompletionStage<JobDetail>> wait) {
    EmbeddingRequest request = EmbeddingRequest.read(body);
    ModelView model = answering.model(request.model());
    Policy policy = answering.policy(request.policy(), header, request.model());
    var inputs =
        new Inputs(
            requester.tenant(), request.asks().stream().map(ask -> ask.canonical()).toList());
    JobSpec spec =
        InferenceJob.embedding(
            model, answering.needs(model), request.asks(), inputs.digests(), policy);
    return answering
        .submit(requester, key, spec, inputs)
        .thenCompose(wait)
        .thenCompose(
            detail -> {
              JobId job = detail.job().id();
              return answers(detail, request.asks().size())
                  .thenApply(answers -> request.answer(body.path("model").asText(), answers, job));
            });
  }

  private CompletionStage<List<InferenceAnswer>> answers(JobDetail detail, int count) {
    CompletionStage<List<InferenceAnswer>> all =
        CompletableFuture.completedFuture(new ArrayList<>(count));
    for (int i = 0; i < count; i++) {
      int task = i;
      all =
          all.thenCompose(
              known ->
                  answering
                      .answer(detail, task)
                      .thenApply(
                          next -> {
                            known.add(next);
                            return known;
                          }));
    }
    return all;
  }
}
