package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobSpec;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Workload;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.client.JobFile;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.verification.matmul.NetworkBytes;
import xyz.openledger.verification.matmul.NetworkTask;

/**
 * The part of the story in which one node alone runs a small classifier, and its products are
 * checked: whoever lies is found out without a second node.
 */
final class ProductChapter {
  private static final int ROUNDS_MAX = 6;
  private static final int JOBS_PER_ROUND = 5;
  private static final int ROWS = 8;
  private static final String EXAMPLE = "matmul";

  private final OpenLedgerClient client;
  private final Path example;
  private final Story story;

  ProductChapter(OpenLedgerClient client, Path examples, Story story) {
    this.client = client;
    this.example = examples.resolve(EXAMPLE);
    this.story = story;
  }

  void tell(Jobs jobs, Map<NodeId, String> names, Map<PoolId, String> pools) throws IOException {
    story.chapter("One node runs a classifier; its products are checked, not repeated (freivalds)");
    JobFile file = JobFile.read(example.resolve("job.json"));
    file.upload(client.blobs(), (_, _) -> {});
    byte[] digits = Files.readAllBytes(example.resolve("digits.bin"));
    byte[] network = Files.readAllBytes(example.resolve("network.olmm"));
    int columns = NetworkBytes.read(network).inputColumns();
    for (int round = 0; caught(jobs, names) == 0 && round < ROUNDS_MAX; round++) {
      for (int i = 0; i < JOBS_PER_ROUND; i++) {
        int row = (round * JOBS_PER_ROUND + i) % (digits.length / columns - ROWS);
        byte[] rows = Arrays.copyOfRange(digits, row * columns, (row + ROWS) * columns);
        jobs.submit(work(file.spec(), network, rows));
      }
      jobs.awaitAll(story, names, pools);
    }
    long caught = caught(jobs, names);
    story.check(
        "product-cheat-caught",
        caught > 0 && ours(jobs).stream().allMatch(job -> job.job().state() == JobState.SETTLED),
        "eve lied %d times with nobody beside her: refused, unpaid, and run by another;"
            + " a wrong product passes with a chance of at most 2^-61",
        caught);
  }

  private Workloads.Work work(JobSpec spec, byte[] network, byte[] rows) {
    Digest input = Digest.of(rows);
    client.blobs().put(rows);
    JobSpec.Task task = new JobSpec.Task(spec.tasks().getFirst().arguments(), input);
    var workload = (Workload.Matmul) spec.workload();
    byte[] expected =
        new NetworkTask(
                NetworkBytes.read(network),
                rows,
                true,
                workload.fuelMax(),
                workload.memoryMaxBytes(),
                workload.outputMaxBytes())
            .run(() -> {});
    return new Workloads.Work(
        EXAMPLE,
        "freivalds",
        new JobSpec(
            EXAMPLE,
            Map.of("example", EXAMPLE, "policy", "freivalds"),
            workload,
            List.of(task),
            spec.policy()),
        List.of(Digest.of(expected)));
  }

  private static List<JobDetail> ours(Jobs jobs) {
    var ours = new ArrayList<JobDetail>();
    jobs.finished()
        .forEach(
            (id, detail) -> {
              if (jobs.work(id).example().equals(EXAMPLE)) {
                ours.add(detail);
              }
            });
    return ours;
  }

  private static long caught(Jobs jobs, Map<NodeId, String> names) {
    return ours(jobs).stream()
        .flatMap(job -> job.tasks().stream())
        .flatMap(task -> task.replicas().stream())
        .filter(replica -> replica.state() == JobDetail.ReplicaState.REJECTED)
        .filter(replica -> "eve".equals(names.get(replica.node())))
        .count();
  }
}
