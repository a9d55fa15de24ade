package xyz.openledger.cluster.cli;

import static xyz.openledger.cluster.cli.Table.field;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import xyz.openledger.cluster.cli.Table.Field;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobDetail.ReplicaState;
import xyz.openledger.protocol.api.JobDetail.ReplicaView;
import xyz.openledger.protocol.api.JobDetail.TaskView;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.JobSummary;
import xyz.openledger.verification.tee.SimulatedChip;

/** A job told: policy → pool → nodes → agreement → price → receipt. */
public final class JobStory {
  /** Letters of why a replica was lost, in the table; all of them are in the JSON. */
  private static final int WHY_MAX = 40;

  /** Replicas in the table; of more, those of tasks that are not accepted come first. */
  private static final int ROWS_MAX = 64;

  private final JobDetail job;
  private final NodeNames names;

  JobStory(JobDetail job, NodeNames names) {
    this.job = job;
    this.names = names;
  }

  /** {@code job-… queued → running on ada, bob → verified (2 of 2 agree) → settled 0.0031 OPEN}. */
  String line() {
    JobSummary summary = job.job();
    var line = new StringJoiner(" → ", summary.id() + " ", "");
    line.add("queued");
    if (!replicas().isEmpty()) {
      line.add("running on " + nodes());
    }
    if (summary.state() == JobState.SETTLED) {
      line.add("verified (" + agreement() + ")");
      line.add("settled " + Money.text(summary.chargedNanoOpen()));
    } else if (summary.state().isFinal()) {
      line.add(summary.state().word() + reason(summary));
    } else if (summary.state() == JobState.VERIFYING) {
      line.add("verifying");
    }
    return line.toString();
  }

  /** Every stage in a line of its own, then every replica. */
  String text() {
    return Table.fields(fields()) + "\n" + replicaTable();
  }

  private List<Field> fields() {
    JobSummary summary = job.job();
    var fields = new ArrayList<Field>();
    fields.add(
        field("job", summary.id() + (summary.name().isEmpty() ? "" : " (" + summary.name() + ")")));
    fields.add(field("state", summary.state().word() + reason(summary) + since(summary)));
    fields.add(field("policy", policy(summary)));
    if (job.governance() != null) {
      fields.add(field("decided under", job.governance().words()));
    }
    fields.add(field("pool", Text.list(summary.pools().stream().map(Object::toString).toList())));
    fields.add(field("nodes", nodes()));
    if (job.tasks().size() > 1) {
      fields.add(field("tasks", TaskTally.of(job.tasks(), summary.state().isFinal())));
    }
    fields.add(field("agreement", agreement()));
    fields.add(field("price", Money.text(summary.chargedNanoOpen())));
    fields.add(field("footprint", JobFootprint.of(job, names::detail).text()));
    fields.add(field("receipt", receipt(summary)));
    JobDetail.FirstAnswer first = job.firstAnswer();
    if (first != null) {
      fields.add(field("first answer", firstAnswer(first)));
    }
    fields.add(field("labels", summary.labels().isEmpty() ? "-" : Text.labels(summary.labels())));
    fields.add(field("submitted", Text.moment(summary.submittedAtMillis())));
    return fields;
  }

  private String receipt(JobSummary summary) {
    var index = summary.receiptIndex();
    if (index == null && summary.state() == JobState.REFUSED) {
      return "none: nothing ran";
    }
    if (index == null) {
      return "not in the log yet";
    }
    var level = job.receiptLevel();
    return "leaf " + index + (level == null ? "" : ", " + level.name().toLowerCase(Locale.ROOT));
  }

  private static String firstAnswer(JobDetail.FirstAnswer first) {
    Long leaf = first.receiptIndex();
    String verified =
        switch (first.confirmed()) {
          case null -> "not verified yet, or by nobody";
          case Boolean it when it -> "confirmed";
          case Boolean _ -> "found wrong";
        };
    return "given before it was verified; " + verified + (leaf == null ? "" : "; leaf " + leaf);
  }

  private String replicaTable() {
    var table =
        Table.of("REPLICA", "NODE", "STATE", "FUEL", "OUTPUT", "PRICE/GFUEL", "PAID", "REGION");
    boolean few = replicas().size() <= ROWS_MAX;
    int rows = 0;
    for (TaskView task : job.tasks()) {
      for (ReplicaView replica : task.replicas()) {
        if (!few && (TaskTally.accepted(task) || rows == ROWS_MAX)) {
          continue;
        }
        rows++;
        Outcome outcome = replica.outcome();
        table.row(
            replica.id().toString().replaceFirst("^[^/]*/", ""),
            names.of(replica.node()),
            state(replica),
            outcome == null ? "-" : Text.count(outcome.fuelUsed()),
            outcome == null ? "-" : outcome.outputDigest().toString().substring(0, 19) + "…",
            Money.text(replica.priceNanoOpenPerGigafuel()),
            Money.text(replica.paidNanoOpen()),
            replica.region());
      }
    }
    int more = replicas().size() - rows;
    return table.text() + (more == 0 ? "" : "and %d more; all are in -o json%n".formatted(more));
  }

  private List<ReplicaView> replicas() {
    return job.tasks().stream().flatMap(task -> task.replicas().stream()).toList();
  }

  /** In the order in which they were chosen; all but those whose turn never came. */
  private String nodes() {
    List<NodeId> nodes =
        replicas().stream()
            .filter(replica -> replica.state() != ReplicaState.RELEASED)
            .map(ReplicaView::node)
            .distinct()
            .toList();
    return Text.list(nodes.stream().map(names::of).toList());
  }

  /** How many of those that answered gave the accepted answer, over all tasks. */
  private String agreement() {
    if (job.job().verification().method() == Policy.Method.TRUSTED) {
      return "trusted: one node's signed word";
    }
    Policy.Method method = job.job().verification().method();
    if (method == Policy.Method.FREIVALDS || method == Policy.Method.SUMCHECK) {
      return method.name().toLowerCase(Locale.ROOT)
          + ": products checked; %d hold, %d do not"
              .formatted(count(ReplicaState.ACCEPTED), count(ReplicaState.REJECTED));
    }
    if (method == Policy.Method.TEE) {
      return "tee%s: evidence judged; %d hold, %d do not"
          .formatted(
              simulated(job.job().verification()),
              count(ReplicaState.ACCEPTED),
              count(ReplicaState.REJECTED));
    }
    if (method == Policy.Method.TOPLOC) {
      return "toploc (statistical): activations computed again; %d near, %d not"
          .formatted(count(ReplicaState.ACCEPTED), count(ReplicaState.REJECTED));
    }
    if (method == Policy.Method.ZK) {
      return "zk: proofs checked; %d hold, %d do not"
          .formatted(count(ReplicaState.ACCEPTED), count(ReplicaState.REJECTED));
    }
    long accepted = count(ReplicaState.ACCEPTED);
    long answered = accepted + count(ReplicaState.REJECTED);
    return answered == 0 ? "-" : accepted + " of " + answered + " agree";
  }

  private long count(ReplicaState state) {
    return replicas().stream().filter(replica -> replica.state() == state).count();
  }

  /** The policy in a line. */
  static String policy(JobSummary job) {
    Policy.Weights weights = job.objective().weights();
    var prefer = new StringJoiner(", ");
    add(prefer, "cost", weights.cost());
    add(prefer, "latency", weights.latency());
    add(prefer, "reliability", weights.reliability());
    add(prefer, "carbon", weights.carbon());
    Policy.Verification verification = job.verification();
    int most = verification.parameters().replicasMax();
    String trust =
        switch (verification.method()) {
          case TRUSTED -> "trusted";
          case QUORUM ->
              "quorum of %d, at most %d replicas"
                  .formatted(verification.parameters().agreement(), most);
          case ADAPTIVE ->
              "adaptive, wrong at most %s in a million, at most %d replicas"
                  .formatted(verification.errorMaxPartsPerMillion(), most);
          case TRUST ->
              "by weight for a trust of %s, at most %d replicas"
                  .formatted(verification.trust(), most);
          case FREIVALDS -> "freivalds, at most %d replicas".formatted(most);
          case TEE -> "tee%s, at most %d replicas".formatted(simulated(verification), most);
          case TOPLOC -> "toploc (statistical), at most %d replicas".formatted(most);
          case ZK -> "zk, at most %d replicas".formatted(most);
          case SUMCHECK -> "sumcheck, at most %d replicas".formatted(most);
          case DISPUTE ->
              "dispute between %d owners that differ, at most %d replicas"
                  .formatted(verification.parameters().agreement(), most);
        };
    return "prefers " + prefer + "; " + trust;
  }

  /** Whether evidence of a chip that does not exist would be taken. */
  private static String simulated(Policy.Verification verification) {
    Policy.Attestation attestation = verification.attestation();
    return attestation != null && attestation.roots().contains(SimulatedChip.rootDigest())
        ? " (SIMULATED evidence is taken)"
        : "";
  }

  private static void add(StringJoiner prefer, String name, int weight) {
    if (weight > 0) {
      prefer.add(name + " " + weight);
    }
  }

  private static String state(ReplicaView replica) {
    Problem problem = replica.problem();
    String detail = replica.detail();
    String why = detail == null ? "" : ": " + Text.shortened(detail, WHY_MAX);
    return replica.state().name().toLowerCase(Locale.ROOT)
        + (problem == null ? "" : " (" + problem.code() + why + ")");
  }

  private static String reason(JobSummary job) {
    Problem problem = job.problem();
    String detail = job.detail();
    String sentence = detail == null || detail.isEmpty() ? "" : ": " + detail;
    return problem == null ? sentence : " (" + problem.code() + ")" + sentence;
  }

  private static String since(JobSummary job) {
    Duration taken = Duration.ofMillis(job.changedAtMillis() - job.submittedAtMillis());
    return job.state().isFinal() ? " after " + Text.duration(taken) : "";
  }
}
