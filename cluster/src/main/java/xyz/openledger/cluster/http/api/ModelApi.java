package xyz.openledger.cluster.http.api;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.api.ModelView;
import xyz.openledger.protocol.session.Words;

/** What a member knows of language models. Refusals and threads as for {@link MemberApi}. */
public interface ModelApi {
  /**
   * Serves models from now on, all or none; a repeat changes nothing. Refuses with {@code
   * unknown-blob} a manifest or file that is not stored, with {@code invalid-module} what cannot be
   * served, with {@code wrong-state} a name of another tenant's.
   */
  CompletionStage<List<ModelView>> publish(TenantId tenant, ModelPublication publication);

  /**
   * Serves a name no more; {@code not-found} if it is not served.
   *
   * @param tenant who asks; absent for whoever may withdraw everything
   */
  CompletionStage<ModelView> withdraw(@Nullable TenantId tenant, String name);

  /** The model that is served under a name. */
  Optional<ModelView> model(String name);

  /**
   * What questions to a model need.
   *
   * @param conversations whether it takes any: whether its chat template is known
   * @param memoryBytes the least that a job to it must ask for; 0 for a base, and for an adapter
   *     that every node has room for
   */
  record Needs(boolean conversations, long memoryBytes) {}

  /** What questions to a served model need. */
  Needs needs(ModelView model);

  /**
   * Hears the words of a job's answer while a node makes them, as far as they come by; they are
   * nobody's signed word. What it does must be short.
   *
   * @return ends it
   */
  default Runnable follow(JobId job, Consumer<Words> listener) {
    return () -> {};
  }

  /** Served models after a name, in the order of their names. */
  List<ModelView> models(String afterName, int max);
}
