package xyz.openledger.cluster.member;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.member.Member;
import xyz.openledger.actors.models.CatalogueMessage;
import xyz.openledger.actors.models.ServedModel;
import xyz.openledger.actors.words.WordPost;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.ModelApi;
import xyz.openledger.cluster.openai.ModelName;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.api.ModelView;
import xyz.openledger.protocol.session.Words;

/** What there is to say about models, and what their publishers say. */
final class ModelAnswers implements ModelApi {
  private final Member member;
  private final LanguageModelGate gate;
  private final Clock clock;
  private final Ask ask;

  ModelAnswers(Member member, BlobStore blobs, Clock clock) {
    this.member = member;
    this.gate = new LanguageModelGate(blobs);
    this.clock = clock;
    this.ask = new Ask(member.system());
  }

  @Override
  public CompletionStage<List<ModelView>> publish(TenantId tenant, ModelPublication publication) {
    var models = new ArrayList<ServedModel>();
    try {
      for (ModelPublication.Named named : publication.models()) {
        models.add(served(tenant, "models[" + models.size() + "]", named));
      }
    } catch (ProblemException refused) {
      return CompletableFuture.failedStage(refused);
    }
    return ask.<CatalogueMessage, CatalogueMessage.Answer>of(
            member.catalogue(), replyTo -> new CatalogueMessage.Publish(models, replyTo))
        .thenCompose(answer -> known(accepted(answer)))
        .thenApply(_ -> models.stream().map(ModelAnswers::view).toList());
  }

  private ServedModel served(TenantId tenant, String field, ModelPublication.Named named) {
    if (!ModelName.isServable(named.name())) {
      throw Check.refusal(
          field + ".name",
          "must be base or base:adapter of lower-case letters, digits, dots and dashes");
    }
    LanguageModelGate.Figures figures = gate.figures(field + ".manifest", named.manifest());
    boolean adapter = !figures.base().equals(named.manifest());
    if (adapter != named.name().contains(":")) {
      throw Check.refusal(
          field + ".name",
          adapter ? "an adapter is named base:adapter" : "a base is named without a colon");
    }
    if (adapter) {
      requireBase(field, named.name(), figures);
    }
    return new ServedModel(
        named.name(),
        named.manifest(),
        figures.base(),
        figures.fuelPerToken(),
        figures.contextTokens(),
        figures.cacheBytesPerToken(),
        tenant,
        clock.millis(),
        named.owner(),
        named.licence());
  }

  /** {@code tiny:pirate} is made for what is served as {@code tiny}. */
  private void requireBase(String field, String name, LanguageModelGate.Figures figures) {
    String base = name.substring(0, name.indexOf(':'));
    ServedModel served =
        member
            .models()
            .find(base)
            .orElseThrow(
                () -> Check.refusal(field + ".name", "publish the base %s first".formatted(base)));
    if (!served.manifest().equals(figures.base())) {
      throw Check.refusal(
          field + ".manifest",
          "was made for %s; %s is %s".formatted(figures.base(), base, served.manifest()));
    }
  }

  @Override
  public CompletionStage<ModelView> withdraw(@Nullable TenantId tenant, String name) {
    Optional<ServedModel> served = member.models().find(name);
    return ask.<CatalogueMessage, CatalogueMessage.Answer>of(
            member.catalogue(), replyTo -> new CatalogueMessage.Withdraw(name, tenant, replyTo))
        .thenCompose(answer -> known(accepted(answer)))
        .thenApply(_ -> view(served.orElseThrow()));
  }

  /** This member knows at once; others soon. */
  private CompletionStage<Long> known(long revision) {
    if (member.models().revision() >= revision) {
      return CompletableFuture.completedFuture(revision);
    }
    return ask.<CatalogueMessage, CatalogueMessage.Changes>of(
            member.catalogue(),
            replyTo -> new CatalogueMessage.Since(member.models().revision(), replyTo))
        .thenCompose(
            changes -> {
              member.models().learn(changes);
              return known(revision);
            });
  }

  private static long accepted(CatalogueMessage.Answer answer) {
    Problem problem = answer.problem();
    if (problem != null) {
      throw new ProblemException(problem, answer.field(), answer.detail());
    }
    return answer.revision();
  }

  @Override
  public Optional<ModelView> model(String name) {
    return member.models().find(name).map(ModelAnswers::view);
  }

  @Override
  public Needs needs(ModelView model) {
    return gate.needs("model", model.manifest());
  }

  @Override
  public Runnable follow(JobId job, Consumer<Words> listener) {
    return WordPost.listen(
        member.words(),
        job,
        said -> listener.accept(new Words(said.replica(), said.position(), said.text())));
  }

  @Override
  public List<ModelView> models(String afterName, int max) {
    return member.models().after(afterName, max).stream().map(ModelAnswers::view).toList();
  }

  private static ModelView view(ServedModel model) {
    return new ModelView(
        model.name(),
        model.manifest(),
        model.base(),
        model.fuelPerToken(),
        model.contextTokens(),
        model.cacheBytesPerToken(),
        model.tenant().toString(),
        model.atMillis(),
        model.owner(),
        model.licence());
  }
}
