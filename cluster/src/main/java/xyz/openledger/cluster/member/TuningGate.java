package xyz.openledger.cluster.member;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import xyz.openledger.actors.models.ServedModel;
import xyz.openledger.actors.tuning.TuningPlan;
import xyz.openledger.cluster.blob.BlobStore;
import xyz.openledger.models.config.ConfigJson;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.training.AdapterShape;
import xyz.openledger.models.training.BaseModel;
import xyz.openledger.models.training.FinishedTraining;
import xyz.openledger.models.training.Settings;
import xyz.openledger.models.training.TrainingFuel;
import xyz.openledger.models.training.TrainingJob;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.TuningRecipe;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.inference.ModelManifest;

/**
 * Looks at a training before it is taken: what is it, and what does it burn at most? Samples are
 * counted here and not read: no token of one has less than a byte.
 */
final class TuningGate {
  /** What a task may put out, and so what a checkpoint may have. */
  static final long CHECKPOINT_BYTES_MAX = 16L << 20;

  private static final long DATA_BYTES_MAX = 64L << 20;
  private static final long FUEL_MAX = 10_000_000_000_000L;

  private final BlobStore blobs;

  TuningGate(BlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * What a training comes to.
   *
   * @param licences that the base is under
   * @throws ProblemException naming the field that is wrong
   */
  TuningPlan admit(TuningRequest request, ServedModel base, List<String> licences) {
    ModelManifest manifest = manifest(base.manifest());
    ModelConfig config = config(manifest);
    AdapterShape shape = shape(request.recipe());
    settings(request.recipe());
    long bytes = FinishedTraining.checkpointBytes(config, shape);
    if (bytes > CHECKPOINT_BYTES_MAX) {
      throw new ProblemException(
          Problem.TOO_LARGE,
          "recipe.rank",
          "a checkpoint would have up to %d bytes, and a task puts out %d: lower rank or targets"
              .formatted(bytes, CHECKPOINT_BYTES_MAX));
    }
    TrainingFuel fuel = fuel(request, config);
    long most = Math.min(request.pieceSteps(), request.recipe().steps());
    long each = fuel.ofStepAtMost();
    if (fuel.ofLoss() > FUEL_MAX) {
      throw new ProblemException(
          Problem.TOO_LARGE,
          "data",
          "the loss on what is held back would burn %d fuel, and a task may burn %d: hold back less"
              .formatted(fuel.ofLoss(), FUEL_MAX));
    }
    if (each > (FUEL_MAX - fuel.ofLoss()) / most) {
      throw new ProblemException(
          Problem.TOO_LARGE,
          "pieceSteps",
          "a piece would burn up to %d times %d fuel and %d for the loss on what is held back, and"
                  .formatted(most, each, fuel.ofLoss())
              + " a task may burn %d: make pieces shorter".formatted(FUEL_MAX));
    }
    return new TuningPlan(
        request, base.manifest(), baseDigest(manifest), each, fuel.ofLoss(), licences);
  }

  /** The training that a plan means. */
  static TrainingJob job(TuningPlan plan) {
    TuningRequest request = plan.request();
    return TrainingJob.of(
        plan.base(),
        request.data(),
        request.holdsBack(),
        shape(request.recipe()),
        settings(request.recipe()));
  }

  /** The configuration of a plan's base. */
  ModelConfig config(TuningPlan plan) {
    return config(manifest(plan.model()));
  }

  private static Digest baseDigest(ModelManifest manifest) {
    var files = new TreeMap<String, Digest>();
    manifest.files().forEach(file -> files.put(file.name(), file.digest()));
    return BaseModel.digest(files);
  }

  private static AdapterShape shape(TuningRecipe recipe) {
    Set<Projection> targets = EnumSet.noneOf(Projection.class);
    for (String name : Check.present("targets", recipe.targets())) {
      targets.add(
          Projection.ofTarget(name)
              .orElseThrow(
                  () ->
                      Check.refusal(
                          "recipe.targets",
                          "there is q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj,"
                              + " down_proj")));
    }
    return new AdapterShape(
        Check.present("rank", recipe.rank()), number("alpha", recipe.alpha()), targets);
  }

  private static Settings settings(TuningRecipe recipe) {
    return new Settings(
        recipe.steps(),
        Check.present("batch", recipe.batch()),
        number("rate", recipe.rate()),
        Check.present("warmUp", recipe.warmUp()),
        number("decay", recipe.decay()),
        number("clip", recipe.clip()),
        Check.present("seed", recipe.seed()));
  }

  private static float number(String field, @org.jspecify.annotations.Nullable String text) {
    return Float.parseFloat(Check.present(field, text));
  }

  private ModelManifest manifest(Digest digest) {
    return ModelManifest.read(
        blobs.read(digest).orElseThrow(() -> Gatekeeper.unknown("model", digest)));
  }

  private ModelConfig config(ModelManifest manifest) {
    ModelManifest.File file =
        manifest
            .file("config.json")
            .orElseThrow(() -> Check.refusal("model", "it has no file config.json"));
    return ConfigJson.read(
        blobs.read(file.digest()).orElseThrow(() -> Gatekeeper.unknown("model", file.digest())));
  }

  private TrainingFuel fuel(TuningRequest request, ModelConfig config) {
    long bytes =
        blobs
            .find(request.data())
            .orElseThrow(() -> Gatekeeper.unknown("data", request.data()))
            .bytes();
    if (bytes > DATA_BYTES_MAX) {
      throw new ProblemException(Problem.TOO_LARGE, "data", "samples have at most 64 MiB");
    }
    byte[] data =
        blobs.read(request.data()).orElseThrow(() -> Gatekeeper.unknown("data", request.data()));
    var samples = SampleBytes.of(data, request.holdsBack());
    return new TrainingFuel(
        config.parameters(),
        Check.present("batch", request.recipe().batch()),
        samples.learnt(),
        samples.samples(),
        samples.heldBack());
  }
}
