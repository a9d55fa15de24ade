package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.training.AdapterShape;
import xyz.openledger.models.training.Checkpoint;
import xyz.openledger.models.training.FineTune;
import xyz.openledger.models.training.Settings;
import xyz.openledger.models.training.TrainingSegment;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.client.ModelFolder;
import xyz.openledger.protocol.client.OpenLedgerClient;

/**
 * The part of the story in which an adapter is trained by two jobs, one from the checkpoint of the
 * other, each on two machines that have to come to the same bits.
 */
final class TuningChapter {
  private static final int STEPS = 40;
  private static final int SEGMENTS = 2;
  private static final int BATCH = 4;
  private static final Settings SETTINGS =
      new Settings(STEPS, BATCH, 0.005f, 4, 0.01f, 1, 20261123);
  private static final AdapterShape SHAPE =
      new AdapterShape(8, 16, EnumSet.of(Projection.QUERY, Projection.VALUE, Projection.DOWN));

  private final OpenLedgerClient client;
  private final Policy policy;
  private final Story story;

  TuningChapter(OpenLedgerClient client, Policy policy, Story story) {
    this.client = client;
    this.policy = policy;
    this.story = story;
  }

  /** Trains on a file of questions and answers; answers the adapter's manifest. */
  Digest tell(Path model, Digest manifest, Path samples, Path scratch) throws IOException {
    story.chapter("A new adapter is trained as a job: two pieces, each by two machines");
    Digest data = client.blobs().put(samples).digest();
    try (var tune = new FineTune(StrictKernels.best(), 1, model, samples, SHAPE, SETTINGS, false)) {
      Optional<Checkpoint> checkpoint = Optional.empty();
      boolean agreed = true;
      for (int piece = 1; piece <= SEGMENTS; piece++) {
        int until = STEPS * piece / SEGMENTS;
        var segment = new TrainingSegment(tune.job(), checkpoint.map(Checkpoint::digest), until);
        JobDetail ended = run(segment, manifest, data, checkpoint.map(Checkpoint::digest));
        agreed &= ended.job().state() == JobState.SETTLED;
        checkpoint = Optional.of(keep(ended, until, scratch));
        story.line(
            "%s  steps up to %d of %d; checkpoint %s",
            ended.job().id(), until, STEPS, checkpoint.get().digest().hex().substring(0, 16));
      }
      story.check(
          "trained-as-a-job",
          agreed,
          "both pieces ended in a checkpoint on whose bits two machines agree");
      Path folder = scratch.resolve("mate");
      tune.publish(tune.read(checkpoint.orElseThrow()), folder);
      ModelFolder adapter = ModelFolder.read(folder, manifest);
      adapter.upload(client.blobs(), _ -> {});
      return adapter.manifest().digest();
    }
  }

  private JobDetail run(
      TrainingSegment segment, Digest manifest, Digest data, Optional<Digest> from) {
    Digest input = client.blobs().put(segment.toBytes()).digest();
    List<String> arguments =
        from.isPresent()
            ? List.of(Workload.Finetune.TUNE, data.toString(), from.get().toString())
            : List.of(Workload.Finetune.TUNE, data.toString());
    var workload = new Workload.Finetune(manifest, 200_000_000_000L, 64 << 20, 16 << 20);
    var spec =
        new JobSpec(
            "tune until step " + segment.until(),
            Map.of("demo", "tuning"),
            workload,
            List.of(new JobSpec.Task(arguments, input)),
            policy);
    String id = client.jobs().submit(spec).job().value();
    return client.jobs().await(id, Duration.ofMinutes(3), _ -> {});
  }

  private Checkpoint keep(JobDetail ended, int step, Path scratch) throws IOException {
    byte[] bytes = client.jobs().output(ended.job().id().value(), 0);
    Digest digest = client.blobs().put(bytes).digest();
    Path file = scratch.resolve("checkpoint-%08d-%s.safetensors".formatted(step, digest.hex()));
    Files.write(file, bytes);
    return Checkpoint.named(file);
  }
}
