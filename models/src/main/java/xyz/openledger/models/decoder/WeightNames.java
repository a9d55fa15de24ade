package xyz.openledger.models.decoder;

/** What a format calls the parts of a model. */
enum WeightNames {
  HUGGING_FACE {
    @Override
    String matrix(int layer, Projection projection, String part) {
      return "model.layers." + layer + "." + projection.module() + "." + part;
    }

    @Override
    String norm(int layer, Norm norm) {
      return "model.layers."
          + layer
          + switch (norm) {
            case ATTENTION -> ".input_layernorm.weight";
            case FEED_FORWARD -> ".post_attention_layernorm.weight";
            case QUERY -> ".self_attn.q_norm.weight";
            case KEY -> ".self_attn.k_norm.weight";
          };
    }

    @Override
    String embedding() {
      return "model.embed_tokens.weight";
    }

    @Override
    String finalNorm() {
      return "model.norm.weight";
    }

    @Override
    String head() {
      return "lm_head.weight";
    }
  },
  GGUF {
    @Override
    String matrix(int layer, Projection projection, String part) {
      return "blk." + layer + "." + projection.ggufName() + "." + part;
    }

    @Override
    String norm(int layer, Norm norm) {
      return "blk."
          + layer
          + switch (norm) {
            case ATTENTION -> ".attn_norm.weight";
            case FEED_FORWARD -> ".ffn_norm.weight";
            case QUERY -> ".attn_q_norm.weight";
            case KEY -> ".attn_k_norm.weight";
          };
    }

    @Override
    String embedding() {
      return "token_embd.weight";
    }

    @Override
    String finalNorm() {
      return "output_norm.weight";
    }

    @Override
    String head() {
      return "output.weight";
    }
  };

  /** The norms of a layer. */
  enum Norm {
    ATTENTION,
    FEED_FORWARD,
    QUERY,
    KEY
  }

  abstract String matrix(int layer, Projection projection, String part);

  abstract String norm(int layer, Norm norm);

  abstract String embedding();

  abstract String finalNorm();

  abstract String head();
}
