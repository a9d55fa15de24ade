package xyz.openledger.models.training;

import java.util.Optional;
import xyz.openledger.models.config.ModelConfig;

/** A model at work: its weights, and those of an adapter if it has one. */
public record Weights(ModelConfig config, Parameters model, Optional<Adapter> adapter) {
  /** An adapter's shape and weights. */
  public record Adapter(AdapterShape shape, Parameters parameters) {}

  /** What learns: the adapter if there is one, or else the whole model. */
  public Parameters trained() {
    return adapter.map(Adapter::parameters).orElse(model);
  }

  String head() {
    return config.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight";
  }
}
