package xyz.openledger.cluster.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.client.OpenLedgerClient;

/** The jobs of the demo, from submission to what came of them. */
final class Jobs {
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final int POLLS_MAX = 12;

  private final OpenLedgerClient client;
  private final Map<JobId, Workloads.Work> submitted = new LinkedHashMap<>();
  private final Map<JobId, JobDetail> finished = new LinkedHashMap<>();

  Jobs(OpenLedgerClient client) {
    this.client = client;
  }

  void submit(Workloads.Work work) {
    submitted.put(client.jobs().submit(work.spec()).job(), work);
  }

  int size() {
    return submitted.size();
  }

  /** Jobs that are not known to have ended. */
  List<JobId> open() {
    var open = new ArrayList<>(submitted.keySet());
    open.removeAll(finished.keySet());
    return open;
  }

  /** Waits until all have ended, and tells of each. */
  void awaitAll(Story story, Map<NodeId, String> names, Map<PoolId, String> pools) {
    for (JobId id : open()) {
      JobDetail detail = await(id);
      finished.put(id, detail);
      story.line("%s", line(detail, work(id), names, pools));
    }
  }

  private JobDetail await(JobId id) {
    for (int poll = 0; poll < POLLS_MAX; poll++) {
      JobDetail detail = client.jobs().show(id.value(), WAIT);
      if (detail.job().state().isFinal()) {
        return logged(detail);
      }
    }
    throw new IllegalStateException(id + " did not end in six minutes");
  }

  /** The log takes a receipt in a moment after its job has ended. */
  private JobDetail logged(JobDetail ended) {
    var latest = new JobDetail[] {ended};
    LocalNetwork.await(
        "the receipt of " + ended.job().id(),
        () -> {
          latest[0] = client.jobs().show(ended.job().id().value());
          return latest[0].job().receiptIndex() != null;
        });
    return latest[0];
  }

  Map<JobId, JobDetail> finished() {
    return finished;
  }

  Workloads.Work work(JobId id) {
    return Objects.requireNonNull(submitted.get(id), id.value());
  }

  long count(JobState state) {
    return finished.values().stream().filter(job -> job.job().state() == state).count();
  }

  /** How many replicas a node has got so far. */
  int on(NodeId node) {
    return (int) replicas().stream().filter(replica -> replica.node().equals(node)).count();
  }

  List<JobDetail.ReplicaView> replicas() {
    return finished.values().stream()
        .flatMap(job -> job.tasks().stream())
        .flatMap(task -> task.replicas().stream())
        .toList();
  }

  /** Tasks whose accepted output is not the one that was expected. */
  List<String> surprises() {
    var surprises = new ArrayList<String>();
    finished.forEach(
        (id, detail) -> {
          List<Digest> expected = work(id).expected();
          for (JobDetail.TaskView task : detail.tasks()) {
            Outcome outcome = task.outcome();
            if (outcome == null || !outcome.outputDigest().equals(expected.get(task.index()))) {
              surprises.add(id + "/" + task.index());
            }
          }
        });
    return surprises;
  }

  /** policy → pool → nodes → agreement → price → receipt. */
  private static String line(
      JobDetail detail, Workloads.Work work, Map<NodeId, String> names, Map<PoolId, String> pools) {
    var job = detail.job();
    String nodes =
        job.nodes().stream()
            .map(node -> names.getOrDefault(node, "?"))
            .collect(Collectors.joining(", "));
    String pool =
        job.pools().stream()
            .map(id -> pools.getOrDefault(id, "?"))
            .collect(Collectors.joining(", "));
    long accepted =
        detail.tasks().stream()
            .flatMap(task -> task.replicas().stream())
            .filter(replica -> replica.state() == JobDetail.ReplicaState.ACCEPTED)
            .count();
    long rejected =
        detail.tasks().stream()
            .flatMap(task -> task.replicas().stream())
            .filter(replica -> replica.state() == JobDetail.ReplicaState.REJECTED)
            .count();
    return "%-15s %-15s → %-6s → %-18s → %d agree%s → %s OPEN → receipt %s"
        .formatted(
            work.example(),
            work.policyName(),
            pool,
            nodes,
            accepted,
            rejected == 0 ? "" : ", " + rejected + " dissent",
            open(job.chargedNanoOpen()),
            job.receiptIndex() == null ? job.state().word() : "#" + job.receiptIndex());
  }

  /** Nano-OPEN in OPEN, exact. */
  static String open(long nanoOpen) {
    return "%d.%09d".formatted(nanoOpen / 1_000_000_000, nanoOpen % 1_000_000_000);
  }
}
