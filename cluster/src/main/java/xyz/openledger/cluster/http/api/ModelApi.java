package xyz.openledger.cluster.http.api;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.ModelPublication;
import xyz.openledger.protocol.api.ModelView;

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

  /** Served models after a name, in the order of their names. */
  List<ModelView> models(String afterName, int max);
}
