package xyz.openledger.cluster.member;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.ModelApi.Needs;
import xyz.openledger.models.adapters.AdapterStore;
import xyz.openledger.models.tokens.ChatTemplate;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.inference.ModelManifest;

/**
 * What questions to a model need of a node, from its small files, each of which is read once. What
 * no node can answer is so refused before money is held. Any thread may ask.
 */
final class ModelNeeds {
  private static final int KNOWN_MAX = 4_096;

  private final BlobStore blobs;

  /** By manifest, the one asked for longest ago first. */
  private final Map<Digest, Needs> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Needs> eldest) {
          return size() > KNOWN_MAX;
        }
      };

  ModelNeeds(BlobStore blobs) {
    this.blobs = blobs;
  }

  /** Those of a manifest whose files were read; null if they were not. */
  synchronized @Nullable Needs known(Digest manifest) {
    return known.get(manifest);
  }

  /**
   * Those of a model or adapter.
   *
   * @param manifest where {@code model} lies
   * @param base itself, if it is none
   * @throws ProblemException {@code invalid-module} or {@code unknown-blob}
   */
  Needs of(String field, Digest manifest, ModelManifest model, ModelManifest base) {
    Needs read = known(manifest);
    if (read != null) {
      return read;
    }
    try {
      boolean conversations = template(field, base).isKnown();
      var needs = new Needs(conversations, model.base() == null ? 0 : memory(field, model));
      remember(manifest, needs);
      return needs;
    } catch (ProblemException refused) {
      throw refused.problem() == Problem.UNKNOWN_BLOB
          ? refused
          : new ProblemException(
              Problem.INVALID_MODULE, field, refused.field() + " " + refused.detail());
    }
  }

  private ChatTemplate template(String field, ModelManifest base) {
    return ChatTemplate.read(
        file(field, base, ChatTemplate.CONFIGURATION), file(field, base, ChatTemplate.ALONE));
  }

  /** Adapters have a part of the memory that one slot lends to keys and values. */
  private long memory(String field, ModelManifest adapter) {
    byte[] config = file(field, adapter, "adapter_config.json");
    long bytes =
        adapter.file(ModelManifest.ADAPTER_WEIGHTS).map(ModelManifest.File::bytes).orElse(0L);
    long needed = config == null ? 0 : AdapterStore.slabBytesMax(config, bytes);
    // What every node has room for changes nothing: jobs that differ in memory are of other
    // classes,
    // and what a node has shown in one says nothing of another.
    return needed <= Workload.Inference.ADAPTER_BYTES_MIN
        ? 0
        : Workload.Inference.ADAPTER_SHARE * needed;
  }

  private byte @Nullable [] file(String field, ModelManifest model, String name) {
    Optional<ModelManifest.File> file = model.file(name);
    if (file.isEmpty()) {
      return null;
    }
    if (file.get().bytes() > ChatTemplate.FILE_BYTES_MAX) {
      throw new ProblemException(Problem.INVALID_MODULE, name, "has more than 1 MiB");
    }
    return blobs
        .read(file.get().digest())
        .orElseThrow(() -> Gatekeeper.unknown(field, file.get().digest()));
  }

  private synchronized void remember(Digest manifest, Needs needs) {
    known.put(manifest, needs);
  }
}
