package xyz.openledger.actors.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.pool.PoolEvent;
import xyz.openledger.chainanchor.accounts.Books;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.accounts.Payment;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * Reads a journal from its first event on and looks for what cannot be: a job that ended twice, a
 * lease under the fence of another, a payment without an accepted replica, a replica paid twice, a
 * result that its node did not sign, a receipt that is not in the log, a checkpoint over another
 * log, books that do not add up, contracts that hold something else than the books say.
 *
 * <p>Pure: events in, findings out. Not thread-safe; one use.
 */
public final class Audit {
  private final List<String> findings = new ArrayList<>();
  private final Map<JobId, JobEvent.Finished> finished = new HashMap<>();
  private final Set<JobId> submitted = new HashSet<>();
  private final Set<JobId> settled = new HashSet<>();
  private final Set<Fence> fences = new HashSet<>();
  private final Set<ReplicaId> placed = new HashSet<>();
  private final Books books = new Books();
  private final Map<String, LedgerEvent.Settled> paid = new HashMap<>();
  private final Set<String> paidReplicas = new HashSet<>();
  private final List<Digest> leaves = new ArrayList<>();
  private final Map<String, LogLeaf> byKey = new HashMap<>();
  private final Map<Long, Digest> checkpoints = new HashMap<>();

  private final Map<String, Long> bookings = new HashMap<>();
  private final ContractsAudit contracts = new ContractsAudit();

  private record Fence(NodeId node, long fence) {}

  /** Takes in an event of a job. */
  public void job(JobEvent event) {
    switch (event) {
      case JobEvent.Submitted submission -> {
        if (!submitted.add(submission.job())) {
          findings.add(submission.job() + " was submitted twice");
        }
      }
      case JobEvent.Placed placement -> placement.grants().forEach(this::lease);
      case JobEvent.Finished end -> {
        if (finished.put(end.job(), end) != null) {
          findings.add(end.job() + " ended twice");
        }
      }
      case JobEvent.Settled end -> {
        if (!settled.add(end.job())) {
          findings.add(end.job() + " was settled twice");
        }
      }
      default -> {
        // On the way.
      }
    }
  }

  private void lease(Grant grant) {
    if (!placed.add(grant.replica())) {
      findings.add(grant.replica() + " was leased twice");
    }
    if (!fences.add(new Fence(grant.node(), grant.fence()))) {
      findings.add(
          "%s: node %s had another lease under fence %d"
              .formatted(grant.replica(), grant.node(), grant.fence()));
    }
  }

  /** Takes in an event of the books. */
  public void ledger(LedgerEvent event) {
    try {
      books.apply(event);
    } catch (RuntimeException impossible) {
      findings.add("books: " + impossible.getMessage());
    }
    contracts.ledger(event);
    if (event instanceof LedgerEvent.Settled settlement) {
      if (paid.put(settlement.jobId(), settlement) != null) {
        findings.add(settlement.jobId() + " was paid twice");
      }
      for (Payment payment : settlement.payments()) {
        if (!paidReplicas.add(payment.replicaId())) {
          findings.add(payment.replicaId() + " was paid twice");
        }
      }
    }
  }

  /** Takes in an event of a pool: what it pays for slots that were bought ahead. */
  public void pool(PoolEvent event) {
    if (event instanceof PoolEvent.BookingEnded ended
        && bookings.put(ended.booking().value(), ended.earnedNanoOpen()) != null) {
      findings.add(ended.booking() + " was ended twice");
    }
  }

  /** Takes in an event of the receipt log. */
  public void log(LogEvent event) {
    switch (event) {
      case LogEvent.LeavesAppended appended -> {
        if (appended.firstIndex() != leaves.size()) {
          findings.add(
              "log: leaves at %d after %d".formatted(appended.firstIndex(), leaves.size()));
        }
        for (LogLeaf leaf : appended.leaves()) {
          leaves.add(leaf.hash());
          if (byKey.put(leaf.key(), leaf) != null) {
            findings.add("log: " + leaf.key() + " has two leaves");
          }
        }
      }
      case LogEvent.CheckpointSealed sealed -> {
        Digest root = root(sealed.size());
        checkpoints.put(sealed.size(), root);
        if (!root.hex().equals(sealed.rootHex())) {
          findings.add("log: the checkpoint of size " + sealed.size() + " is of another log");
        }
      }
      case LogEvent.CheckpointCosigned cosigned -> {
        Digest root = checkpoints.get(cosigned.size());
        if (root == null || !root.hex().equals(cosigned.rootHex())) {
          findings.add("log: witnesses cosigned another log at size " + cosigned.size());
        }
      }
    }
  }

  /**
   * Compares everything.
   *
   * @param chain what the contracts say; null if there is no chain to ask
   */
  public AuditReport report(@Nullable ChainState chain) {
    var lines = new ArrayList<String>();
    payments(lines);
    receipts(lines);
    findings.addAll(books.audit());
    lines.add("books: %d accounts, their sum is zero".formatted(books.balances().size()));
    if (chain == null) {
      lines.add("chain: not asked");
    } else {
      chain(chain, lines);
    }
    return new AuditReport(lines, findings);
  }

  private void payments(List<String> lines) {
    long paidNanoOpen = 0;
    for (JobId job : settled) {
      JobEvent.Finished end = finished.get(job);
      if (end == null) {
        findings.add(job + " was settled before it ended");
        continue;
      }
      Receipt receipt = end.receipt();
      long charged = receipt == null ? 0 : receipt.chargedNanoOpen();
      LedgerEvent.Settled payment = paid.get(job.value());
      long moved =
          payment == null ? 0 : payment.payments().stream().mapToLong(Payment::priceNanoOpen).sum();
      if (moved != charged) {
        findings.add("%s: the receipt says %d, the books paid %d".formatted(job, charged, moved));
      }
      if (receipt != null && payment != null) {
        accepted(receipt, payment);
      }
      paidNanoOpen += moved;
    }
    for (String job : paid.keySet()) {
      Long earned = bookings.get(job);
      if (earned != null) {
        long moved = paid.get(job).payments().stream().mapToLong(Payment::priceNanoOpen).sum();
        if (moved != earned) {
          findings.add("%s: the pool says %d, the books paid %d".formatted(job, earned, moved));
        }
      } else if (!finished.containsKey(JobId.parse(job))) {
        findings.add(job + " was paid without having ended");
      }
    }
    lines.add(
        "jobs: %d submitted, %d ended, %d of them closed in the books; %d replicas were paid %d nano-OPEN, each once"
            .formatted(
                submitted.size(),
                finished.size(),
                settled.size(),
                paidReplicas.size(),
                paidNanoOpen));
  }

  private void accepted(Receipt receipt, LedgerEvent.Settled payment) {
    var accepted = new HashSet<String>();
    for (Receipt.TaskReceipt task : receipt.tasks()) {
      var owners = new HashSet<String>();
      for (Receipt.ReplicaReceipt replica : task.replicas()) {
        if (replica.preempted() != null) {
          accepted.add(replica.replica().toString());
        }
        if (replica.standing() == Receipt.Standing.ACCEPTED) {
          accepted.add(replica.replica().toString());
          if (!owners.add(replica.owner().value())) {
            findings.add(replica.replica() + ": its owner has two says in one task");
          }
        }
      }
    }
    for (Payment each : payment.payments()) {
      if (!accepted.contains(each.replicaId())) {
        findings.add(each.replicaId() + " was paid and not accepted");
      }
    }
  }

  private void receipts(List<String> lines) {
    int found = 0;
    for (JobId job : settled) {
      JobEvent.Finished end = finished.get(job);
      Receipt receipt = end == null ? null : end.receipt();
      if (receipt == null) {
        continue;
      }
      LogLeaf expected = LogLeaf.of(receipt);
      LogLeaf leaf = byKey.get(expected.key());
      if (leaf == null) {
        findings.add(expected.key() + " is not in the log");
      } else if (!leaf.equals(expected)) {
        findings.add(expected.key() + " stands in the log as another receipt");
      } else {
        found++;
      }
      receipt.tasks().forEach(this::signed);
    }
    lines.add(
        "log: %d leaves, %d receipts of settled jobs are there as they are; %d checkpoints recomputed"
            .formatted(leaves.size(), found, checkpoints.size()));
  }

  /** What was accepted must be what the node put under its signed root, fence and all. */
  private void signed(Receipt.TaskReceipt task) {
    for (Receipt.ReplicaReceipt replica : task.replicas()) {
      Outcome outcome = replica.outcome();
      Receipt.SignedStatement signed = replica.statement();
      boolean holds =
          (outcome == null || signed == null)
              ? replica.standing() != Receipt.Standing.ACCEPTED
              : ResultStatement.signed(
                      replica.replica(), task.task(), outcome, replica.fence(), signed)
                  .isIn(signed);
      if (!holds) {
        findings.add(replica.replica() + ": its node has not signed that result");
      }
    }
  }

  private void chain(ChainState chain, List<String> lines) {
    if (chain.anchoredSize() > leaves.size()) {
      findings.add(
          "chain: it knows %d leaves, the journal %d"
              .formatted(chain.anchoredSize(), leaves.size()));
    } else if (!root(chain.anchoredSize()).equals(chain.anchoredRoot())) {
      findings.add("chain: its log of " + chain.anchoredSize() + " leaves is another");
    }
    lines.add(
        "chain: the log is anchored at %d leaves, with the root recomputed here"
            .formatted(chain.anchoredSize()));
    contracts.compare(books, chain.money(), lines, findings);
    books
        .lastEpoch()
        .ifPresent(
            epoch -> {
              if (epoch.epoch() > chain.payoutEpoch()) {
                findings.add(
                    "chain: payout epoch %d, the books say %d is final"
                        .formatted(chain.payoutEpoch(), epoch.epoch()));
              }
              lines.add("chain: payout epoch " + chain.payoutEpoch());
            });
  }

  private Digest root(long size) {
    return size > leaves.size()
        ? MerkleTree.EMPTY
        : MerkleTree.root(leaves.subList(0, Math.toIntExact(size)));
  }
}
