package xyz.openledger.cluster.member;

import java.util.List;
import java.util.Optional;
import xyz.openledger.cluster.blob.Blob;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.cluster.http.api.ModelApi;
import xyz.openledger.models.config.ConfigJson;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.training.TrainingSegment;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.inference.InferenceAnswer;
import xyz.openledger.protocol.inference.InferenceQuestion;
import xyz.openledger.protocol.inference.ModelManifest;
import xyz.openledger.protocol.json.Json;

/**
 * Looks at a model before it is served, and at an inference job before it is taken. Weights are not
 * read here: the nodes that load them refuse what lies.
 */
final class LanguageModelGate {
  private static final int CONFIG_BYTES_MAX = 256 << 10;
  private static final int QUESTION_BYTES_MAX = 1 << 20;
  private static final int FLOAT_BYTES = 4;

  private final BlobStore blobs;
  private final CheckedTokenizers tokenizers;
  private final ModelNeeds needs;

  LanguageModelGate(BlobStore blobs) {
    this.blobs = blobs;
    this.tokenizers = new CheckedTokenizers(blobs);
    this.needs = new ModelNeeds(blobs);
  }

  /**
   * What serving a model takes.
   *
   * @param base the manifest of its base, which may be itself
   * @param fuelPerToken one a weight, its adapter's included
   */
  record Figures(Digest base, long fuelPerToken, int contextTokens, int cacheBytesPerToken) {}

  /**
   * Looks at a manifest and at what it names.
   *
   * @throws ProblemException {@code unknown-blob} or {@code invalid-module}
   */
  Figures figures(String field, Digest manifest) {
    ModelManifest model = manifest(field, manifest);
    model.files().forEach(file -> requireStored(field, file));
    Digest base = model.base();
    if (base == null) {
      ModelConfig config = config(field, model);
      // Else each node would find out by itself, and be blamed for what it cannot answer.
      tokenizers.require(field, require(field, model, "tokenizer.json"), config.vocabularySize());
      needs.of(field, manifest, model, model);
      return ofBase(field, manifest, config);
    }
    ModelManifest under = manifest(field, base);
    if (under.kind() != ModelManifest.Kind.BASE) {
      throw invalid(field, "its base " + base + " is an adapter itself");
    }
    require(field, model, "adapter_config.json");
    long weights =
        ModelManifest.adapterWeights(require(field, model, ModelManifest.ADAPTER_WEIGHTS).bytes());
    needs.of(field, manifest, model, under);
    Figures figures = ofBase(field, base, config(field, under));
    return new Figures(
        base,
        figures.fuelPerToken() + weights,
        figures.contextTokens(),
        figures.cacheBytesPerToken());
  }

  /**
   * What questions to a model need.
   *
   * @throws ProblemException {@code unknown-blob} or {@code invalid-module}
   */
  ModelApi.Needs needs(String field, Digest manifest) {
    ModelApi.Needs known = needs.known(manifest);
    if (known != null) {
      return known;
    }
    ModelManifest model = manifest(field, manifest);
    Digest base = model.base();
    return needs.of(field, manifest, model, base == null ? model : manifest(field, base));
  }

  private static Figures ofBase(String field, Digest manifest, ModelConfig config) {
    long cache = 2L * config.layers() * config.keyValueWidth() * FLOAT_BYTES;
    if (cache > Integer.MAX_VALUE) {
      throw invalid(field, "a token's keys and values would take %d bytes".formatted(cache));
    }
    return new Figures(manifest, config.parameters(), config.contextMax(), (int) cache);
  }

  private ModelConfig config(String field, ModelManifest model) {
    require(field, model, "tokenizer.json");
    if (model.files().stream().noneMatch(file -> file.name().endsWith(".safetensors"))) {
      throw invalid(field, "it has no .safetensors file with its weights");
    }
    ModelManifest.File file = require(field, model, "config.json");
    if (file.bytes() > CONFIG_BYTES_MAX) {
      throw invalid(field, "its config.json is longer than 256 KiB");
    }
    byte[] config =
        blobs.read(file.digest()).orElseThrow(() -> Gatekeeper.unknown(field, file.digest()));
    try {
      return ConfigJson.read(config);
    } catch (ProblemException refused) {
      throw invalid(field, "config.json: %s %s".formatted(refused.field(), refused.detail()));
    }
  }

  private ModelManifest manifest(String field, Digest digest) {
    Optional<Blob> stored = blobs.find(digest);
    if (stored.isEmpty()) {
      throw Gatekeeper.unknown(field, digest);
    }
    if (stored.get().bytes() > ModelManifest.BYTES_MAX) {
      throw invalid(field, "a manifest has at most 64 KiB");
    }
    try {
      return ModelManifest.read(
          blobs.read(digest).orElseThrow(() -> Gatekeeper.unknown(field, digest)));
    } catch (ProblemException refused) {
      throw invalid(
          field, "no model's manifest: %s %s".formatted(refused.field(), refused.detail()));
    }
  }

  /** Long files in parts; one that is too long for a blob and has none lies with nodes alone. */
  private void requireStored(String field, ModelManifest.File file) {
    List<Digest> parts = file.parts();
    if (parts != null) {
      for (int i = 0; i < parts.size(); i++) {
        String name = "part %d of %s".formatted(i, file.name());
        requireStored(field, name, parts.get(i), file.partBytes(i));
      }
    } else if (file.bytes() <= blobs.blobBytesMax()) {
      requireStored(field, file.name(), file.digest(), file.bytes());
    }
  }

  private void requireStored(String field, String name, Digest digest, long bytes) {
    Blob stored = blobs.find(digest).orElseThrow(() -> Gatekeeper.unknown(field, digest));
    if (stored.bytes() != bytes) {
      throw invalid(
          field,
          "its manifest says that %s has %d bytes; it has %d"
              .formatted(name, bytes, stored.bytes()));
    }
  }

  private static ModelManifest.File require(String field, ModelManifest model, String name) {
    return model.file(name).orElseThrow(() -> invalid(field, "it has no file " + name));
  }

  /**
   * The code identity of an inference job: its base model's manifest.
   *
   * @throws ProblemException if the model cannot be served, or a question cannot be read
   */
  Digest admit(Workload.Inference workload, List<JobSpec.Task> tasks) {
    Figures base = figures("workload.model", workload.model());
    if (!base.base().equals(workload.model())) {
      throw invalid("workload.model", "names an adapter; say its base here");
    }
    for (int i = 0; i < tasks.size(); i++) {
      JobSpec.Task task = tasks.get(i);
      Digest named = Workload.Inference.adapter(task.arguments());
      InferenceQuestion question = question("tasks[" + i + "].input", task.input());
      requireAnswerable(workload, i, question, named == null ? workload.model() : named);
      if (named != null) {
        String field = "tasks[" + i + "].arguments";
        Figures adapter = figures(field, named);
        if (!adapter.base().equals(workload.model())) {
          throw invalid(field, "this adapter was made for " + adapter.base());
        }
      }
    }
    return workload.model();
  }

  /**
   * The code identity of a training job: its base model's manifest.
   *
   * @throws ProblemException if the model cannot be served, or a task cannot be read
   */
  Digest admit(Workload.Finetune workload, List<JobSpec.Task> tasks) {
    if (!figures("workload.model", workload.model()).base().equals(workload.model())) {
      throw invalid("workload.model", "names an adapter; say its base here");
    }
    for (int i = 0; i < tasks.size(); i++) {
      JobSpec.Task task = tasks.get(i);
      String field = "tasks[" + i + "].arguments";
      for (String argument : task.arguments().subList(1, task.arguments().size())) {
        Digest digest = Digest.parse(argument);
        if (!blobs.has(digest)) {
          throw Gatekeeper.unknown(field, digest);
        }
      }
      training("tasks[" + i + "].input", task.input());
    }
    return workload.model();
  }

  private void training(String field, Digest input) {
    byte[] bytes = blobs.read(input).orElseThrow(() -> Gatekeeper.unknown(field, input));
    try {
      TrainingSegment.parse(bytes);
    } catch (ProblemException refused) {
      throw new ProblemException(
          refused.problem(),
          field,
          "no training: %s %s".formatted(refused.field(), refused.detail()));
    }
  }

  private void requireAnswerable(
      Workload.Inference workload, int task, InferenceQuestion question, Digest model) {
    ModelApi.Needs needed = needs("tasks[" + task + "].arguments", model);
    if (question.messages() != null && !needed.conversations()) {
      throw invalid("tasks[" + task + "].input", InferenceAnswer.NO_CONVERSATIONS);
    }
    if (workload.memoryMaxBytes() < needed.memoryBytes()) {
      throw invalid(
          "workload.memoryMaxBytes",
          "is %d; a node needs %d for the adapter of task %d"
              .formatted(workload.memoryMaxBytes(), needed.memoryBytes(), task));
    }
  }

  private InferenceQuestion question(String field, Digest input) {
    Blob stored = blobs.find(input).orElseThrow(() -> Gatekeeper.unknown(field, input));
    if (stored.bytes() > QUESTION_BYTES_MAX) {
      throw new ProblemException(Problem.TOO_LARGE, field, "a question has at most 1 MiB");
    }
    byte[] bytes = blobs.read(input).orElseThrow(() -> Gatekeeper.unknown(field, input));
    try {
      return Json.read(bytes, InferenceQuestion.class);
    } catch (ProblemException refused) {
      throw new ProblemException(
          refused.problem(),
          field,
          "no question: %s %s".formatted(refused.field(), refused.detail()));
    }
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(Problem.INVALID_MODULE, field, detail);
  }
}
