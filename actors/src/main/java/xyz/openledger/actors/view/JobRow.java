package xyz.openledger.actors.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.Reason;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.DecimalText;

/**
 * A job in a list.
 *
 * @param state queued, running, verifying, or how it ended
 * @param nodes that were leased for it
 * @param explanation why its replicas went where they went
 * @param losses its latest ones
 * @param outputs the accepted output of each task, in order; empty until there is one
 * @param logIndex of its receipt, or -1
 */
public record JobRow(
    JobId job,
    TenantId tenant,
    String name,
    Map<String, String> labels,
    Digest spec,
    Policy.Objective objective,
    Policy.Verification verification,
    int taskCount,
    String state,
    @Nullable Problem problem,
    String detail,
    List<String> pools,
    List<String> nodes,
    List<Reason> explanation,
    List<Loss> losses,
    List<Digest> outputs,
    @DecimalText long chargedNanoOpen,
    long logIndex,
    long submittedAtMillis,
    long changedAtMillis) {

  /** The most losses that are kept of one job: the latest. */
  private static final int LOSSES_MAX = 64;

  private static final int DETAIL_LETTERS_MAX = 200;

  /** A replica that brought nothing, and why. */
  public record Loss(ReplicaId replica, Problem problem, String detail) {}

  static JobRow of(JobEvent.Submitted submitted) {
    return new JobRow(
        submitted.job(),
        submitted.tenant(),
        submitted.spec().name(),
        submitted.spec().labels(),
        submitted.spec().digest(),
        submitted.spec().policy().objective(),
        submitted.spec().policy().verification(),
        submitted.spec().tasks().size(),
        "queued",
        null,
        "",
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        0,
        -1,
        submitted.atMillis(),
        submitted.atMillis());
  }

  JobRow placed(JobEvent.Placed placed) {
    var morePools = new TreeSet<>(pools);
    var moreNodes = new TreeSet<>(nodes);
    for (Grant grant : placed.grants()) {
      morePools.add(grant.pool().value());
      moreNodes.add(grant.node().value());
    }
    return new JobRow(
        job,
        tenant,
        name,
        labels,
        spec,
        objective,
        verification,
        taskCount,
        "running",
        problem,
        detail,
        List.copyOf(morePools),
        List.copyOf(moreNodes),
        Reason.and(explanation, placed),
        losses,
        outputs,
        chargedNanoOpen,
        logIndex,
        submittedAtMillis,
        placed.atMillis());
  }

  JobRow hedged(JobEvent.Hedged hedged) {
    return in(state, Reason.and(explanation, hedged), hedged.atMillis());
  }

  JobRow noticed(JobEvent.Noticed noticed) {
    return in(
        state, Reason.and(explanation, noticed.replica(), noticed.detail()), noticed.atMillis());
  }

  JobRow answered(JobEvent.Answered answered) {
    return in("verifying", Reason.and(explanation, answered), answered.atMillis());
  }

  JobRow in(String next, long atMillis) {
    return in(next, explanation, atMillis);
  }

  private JobRow in(String next, List<Reason> reasons, long atMillis) {
    return new JobRow(
        job,
        tenant,
        name,
        labels,
        spec,
        objective,
        verification,
        taskCount,
        next,
        problem,
        detail,
        pools,
        nodes,
        reasons,
        losses,
        outputs,
        chargedNanoOpen,
        logIndex,
        submittedAtMillis,
        atMillis);
  }

  JobRow lost(JobEvent.Lost lost) {
    var more = new ArrayList<>(losses);
    for (JobEvent.Loss loss : lost.losses()) {
      String detail = loss.detail();
      more.add(
          new Loss(
              loss.replica(),
              loss.problem(),
              detail.substring(0, Math.min(detail.length(), DETAIL_LETTERS_MAX))));
    }
    return new JobRow(
        job,
        tenant,
        name,
        labels,
        spec,
        objective,
        verification,
        taskCount,
        "running",
        problem,
        detail,
        pools,
        nodes,
        explanation,
        List.copyOf(more.subList(Math.max(0, more.size() - LOSSES_MAX), more.size())),
        outputs,
        chargedNanoOpen,
        logIndex,
        submittedAtMillis,
        lost.atMillis());
  }

  /** Why that replica brought nothing; null if it was not lost, or long ago. */
  public @Nullable Loss loss(ReplicaId replica) {
    return losses.stream().filter(loss -> loss.replica().equals(replica)).findFirst().orElse(null);
  }

  JobRow finished(JobEvent.Finished finished) {
    Receipt receipt = finished.receipt();
    return new JobRow(
        job,
        tenant,
        name,
        labels,
        spec,
        objective,
        verification,
        taskCount,
        finished.end().word(),
        finished.problem(),
        finished.detail(),
        pools,
        nodes,
        explanation,
        losses,
        receipt == null ? List.of() : outputs(receipt),
        receipt == null ? 0 : receipt.chargedNanoOpen(),
        logIndex,
        submittedAtMillis,
        finished.atMillis());
  }

  JobRow logged(JobEvent.Settled settled) {
    return new JobRow(
        job,
        tenant,
        name,
        labels,
        spec,
        objective,
        verification,
        taskCount,
        state,
        problem,
        detail,
        pools,
        nodes,
        explanation,
        losses,
        outputs,
        chargedNanoOpen,
        settled.logIndex(),
        submittedAtMillis,
        settled.atMillis());
  }

  private static List<Digest> outputs(Receipt receipt) {
    return receipt.tasks().stream()
        .map(Receipt.TaskReceipt::outcome)
        .filter(Objects::nonNull)
        .map(Outcome::outputDigest)
        .toList();
  }
}
