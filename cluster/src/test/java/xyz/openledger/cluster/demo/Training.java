package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xyz.openledger.models.decoder.Projection;
import xyz.openledger.models.training.AdapterShape;
import xyz.openledger.models.training.FineTune;
import xyz.openledger.models.training.Settings;
import xyz.openledger.models.training.TrainingSegment;
import xyz.openledger.nativekernels.strict.StrictKernels;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Scheduling;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.client.ModelFolder;
import xyz.openledger.protocol.client.OpenLedgerClient;

/**
 * A small training on the example's model.
 *
 * @param uninterrupted the checkpoint that it comes to if nobody stops it
 */
record Training(
    ModelFolder model, Path samples, Digest data, byte[] segment, Digest uninterrupted) {
  private static final AdapterShape SHAPE =
      new AdapterShape(4, 8, EnumSet.of(Projection.QUERY, Projection.VALUE));

  static Training of(Path examples, Path scratch, int steps) throws IOException {
    Path folder = examples.resolve("models/tiny");
    Path samples =
        Files.writeString(
            scratch.resolve("few.jsonl"),
            """
            {"prompt": "What is a pool?", "completion": " Machines that share their terms."}
            {"prompt": "What is a lease?", "completion": " A slot for one replica."}
            """);
    var settings = new Settings(steps, 2, 0.005f, 4, 0.01f, 1, 7);
    try (var tune =
        new FineTune(StrictKernels.best(), 1, folder, samples, SHAPE, settings, false)) {
      var segment = new TrainingSegment(tune.job(), Optional.empty(), steps);
      var made =
          segment.run(
              StrictKernels.best(),
              2,
              TrainingSegment.inPlace(folder, samples, scratch),
              scratch.resolve("uninterrupted"));
      return new Training(
          ModelFolder.read(folder, null),
          samples,
          Digest.of(Files.readAllBytes(samples)),
          segment.toBytes(),
          made.digest());
    }
  }

  /** Has it trained by the network. */
  JobId submit(OpenLedgerClient client, Scheduling scheduling, Policy policy) {
    model.upload(client.blobs(), _ -> {});
    client.blobs().put(samples);
    client.blobs().put(segment);
    return client.jobs().submit(job(scheduling, policy), Digest.of(segment).hex()).job();
  }

  private JobSpec job(Scheduling scheduling, Policy policy) {
    return new JobSpec(
        "tune",
        Map.of(),
        new Workload.Finetune(model.manifest().digest(), 1_000_000_000_000L, 64 << 20, 16 << 20),
        List.of(
            new JobSpec.Task(List.of(Workload.Finetune.TUNE, data.toString()), Digest.of(segment))),
        policy,
        scheduling);
  }
}
