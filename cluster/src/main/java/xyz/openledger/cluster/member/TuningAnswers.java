package xyz.openledger.cluster.member;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.models.ServedModel;
import xyz.openledger.actors.tuning.TuningMessage;
import xyz.openledger.actors.tuning.TuningPlan;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.TuningApi;
import xyz.openledger.cluster.openai.ModelName;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.api.TuningNews;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.api.TuningView;

/** What there is to say about trainings, and what their owners say. */
final class TuningAnswers implements TuningApi {
  private final Member member;
  private final ActorRef<TuningMessage> trainings;
  private final TuningGate gate;
  private final Executor disk;
  private final Ask ask;

  TuningAnswers(Member member, ActorRef<TuningMessage> trainings, BlobStore blobs, Executor disk) {
    this.member = member;
    this.trainings = trainings;
    this.gate = new TuningGate(blobs);
    this.disk = disk;
    this.ask = new Ask(member.system());
  }

  @Override
  public CompletionStage<TuningView> start(TenantId tenant, String key, TuningRequest request) {
    return CompletableFuture.supplyAsync(() -> plan(tenant, request), disk)
        .thenCompose(
            plan ->
                asked(
                    replyTo ->
                        new TuningMessage.Start(TuningId.of(tenant, key), tenant, plan, replyTo)));
  }

  private TuningPlan plan(TenantId tenant, TuningRequest request) {
    ServedModel base =
        member
            .models()
            .find(request.model())
            .filter(ServedModel::isBase)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.NOT_FOUND, "model", "no base " + request.model() + " is served"));
    if (request.adapter() != null) {
      String name = request.model() + ":" + request.adapter();
      if (!ModelName.isServable(name)) {
        throw Check.refusal("adapter", "must be of lower-case letters, digits, dots and dashes");
      }
      if (member.models().find(name).filter(it -> !it.tenant().equals(tenant)).isPresent()) {
        throw new ProblemException(
            Problem.WRONG_STATE, "adapter", name + " is served already, by another tenant");
      }
    }
    List<String> licences =
        ModelLicences.allowed(
            member.models(), Stream.of(base.manifest()), request.policy().limits());
    return gate.admit(request, base, licences);
  }

  @Override
  public CompletionStage<TuningView> show(@Nullable TenantId tenant, TuningId id) {
    return asked(replyTo -> new TuningMessage.Show(id, tenant, replyTo));
  }

  @Override
  public CompletionStage<TuningView> cancel(@Nullable TenantId tenant, TuningId id) {
    return asked(replyTo -> new TuningMessage.Cancel(id, tenant, replyTo));
  }

  @Override
  public CompletionStage<List<TuningView>> list(
      @Nullable TenantId tenant, @Nullable TuningId after, int max) {
    return ask.<TuningMessage, TuningMessage.Listed>of(
            trainings, replyTo -> new TuningMessage.Page(tenant, after, max, replyTo))
        .thenApply(TuningMessage.Listed::views);
  }

  @Override
  public CompletionStage<List<TuningNews>> news(
      @Nullable TenantId tenant, TuningId id, long from, int max) {
    return ask.<TuningMessage, TuningMessage.Heard>of(
            trainings, replyTo -> new TuningMessage.Hear(id, tenant, from, max, replyTo))
        .thenApply(
            heard -> {
              List<TuningNews> news = heard.news();
              if (news == null) {
                throw new ProblemException(Problem.NOT_FOUND, "id", "there is no training " + id);
              }
              return news;
            });
  }

  private CompletionStage<TuningView> asked(
      Function<ActorRef<TuningMessage.Answer>, TuningMessage> question) {
    return ask.<TuningMessage, TuningMessage.Answer>of(trainings, question)
        .thenApply(
            answer -> {
              Problem problem = answer.problem();
              TuningView view = answer.view();
              if (problem != null || view == null) {
                throw new ProblemException(
                    problem == null ? Problem.INTERNAL : problem, answer.field(), answer.detail());
              }
              return view;
            });
  }
}
