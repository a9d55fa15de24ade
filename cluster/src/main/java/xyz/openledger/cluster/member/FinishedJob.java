package xyz.openledger.cluster.member;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.view.JobRow;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.JobDetail;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.api.JobSummary;

/**
 * What there is to tell of a job that is over.
 *
 * @param receipt its last one; absent if it ended without
 */
record FinishedJob(JobRow row, @Nullable Receipt receipt) {

  /** All of it, with what the log knows of its receipts. */
  JobDetail detail(ReceiptAnswers receipts) {
    List<Receipt.TaskReceipt> tasks = receipt == null ? List.of() : receipt.tasks();
    return new JobDetail(
        summary(row),
        tasks.stream().map(this::task).toList(),
        row.logIndex() < 0 ? null : receipts.level(row.logIndex()),
        governedBy(),
        firstAnswer(receipts));
  }

  /** The rules it was decided under; absent without a receipt that says so. */
  JobDetail.@Nullable GovernedBy governedBy() {
    return receipt == null
        ? null
        : JobDetail.GovernedBy.of(receipt.governanceEpoch(), receipt.ruleHash());
  }

  /** What was answered before it was verified, and what became of it. */
  private JobDetail.@Nullable FirstAnswer firstAnswer(ReceiptAnswers receipts) {
    if (receipt == null || receipt.kind() != Receipt.Kind.VERIFICATION) {
      return null;
    }
    Optional<Long> index = receipts.firstIndex(row.job());
    return new JobDetail.FirstAnswer(
        index.orElse(null), index.map(at -> confirmed(receipts.first(at), receipt)).orElse(null));
  }

  private static @Nullable Boolean confirmed(Receipt first, Receipt last) {
    Boolean confirmed = true;
    for (int i = 0; i < first.tasks().size(); i++) {
      Receipt.TaskReceipt verified = last.tasks().get(i);
      if (verified.outcome() == null || verified.agreement() == null) {
        return null;
      }
      confirmed &= verified.outcome().equals(first.tasks().get(i).outcome());
    }
    return confirmed;
  }

  private JobDetail.TaskView task(Receipt.TaskReceipt task) {
    return new JobDetail.TaskView(
        task.index(), task.outcome(), task.replicas().stream().map(this::replica).toList());
  }

  private JobDetail.ReplicaView replica(Receipt.ReplicaReceipt replica) {
    JobRow.Loss loss = row.loss(replica.replica());
    return new JobDetail.ReplicaView(
        replica.replica(),
        replica.node(),
        replica.owner(),
        replica.pool(),
        switch (replica.standing()) {
          case ACCEPTED -> JobDetail.ReplicaState.ACCEPTED;
          case REJECTED -> JobDetail.ReplicaState.REJECTED;
          case LOST -> JobDetail.ReplicaState.LOST;
          case RELEASED -> JobDetail.ReplicaState.RELEASED;
        },
        replica.outcome(),
        loss == null ? null : loss.problem(),
        loss != null
            ? loss.detail()
            : replica.preempted() == null ? null : replica.preempted().reason(),
        replica.priceNanoOpenPerGigafuel(),
        replica.paidNanoOpen(),
        replica.region(),
        replica.carbonGramsPerKwh());
  }

  /** A line of it, as it ended. */
  static JobSummary summary(JobRow row) {
    return summary(row, row.state());
  }

  /** A line of it in a state that the row does not know of yet. */
  static JobSummary summary(JobRow row, String state) {
    return new JobSummary(
        row.job(),
        row.tenant(),
        row.name(),
        Map.copyOf(row.labels()),
        JobState.parse(state),
        row.problem(),
        row.detail(),
        row.spec(),
        row.objective(),
        row.verification(),
        row.taskCount(),
        row.pools().stream().map(PoolId::parse).toList(),
        row.nodes().stream().map(NodeId::parse).toList(),
        row.chargedNanoOpen(),
        row.logIndex() < 0 ? null : (Long) row.logIndex(),
        row.submittedAtMillis(),
        row.changedAtMillis());
  }
}
