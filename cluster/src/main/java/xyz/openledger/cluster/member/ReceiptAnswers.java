package xyz.openledger.cluster.member;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.anchor.AnchorMessage;
import xyz.openledger.actors.view.JobIndex;
import xyz.openledger.actors.view.JobRow;
import xyz.openledger.chainanchor.evm.Contracts;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LeafIndex;
import xyz.openledger.chainanchor.log.LogLeaf;
import xyz.openledger.chainanchor.log.LogTiles;
import xyz.openledger.chainanchor.log.LogView;
import xyz.openledger.chainanchor.outbox.AnchorCost;
import xyz.openledger.chainanchor.outbox.AnchorProgress;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.OutboxRow;
import xyz.openledger.cluster.http.api.PageQuery;
import xyz.openledger.cluster.witness.HttpWitnesses;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.Anchor;
import xyz.openledger.protocol.api.LogStatus;
import xyz.openledger.protocol.api.Page;
import xyz.openledger.protocol.api.ReceiptLevel;
import xyz.openledger.protocol.api.ReceiptProof;
import xyz.openledger.protocol.api.ReceiptView;
import xyz.openledger.protocol.api.Version;
import xyz.openledger.protocol.json.Json;

/**
 * What there is to say about receipts, from the log and from what was last heard of the anchorer.
 */
final class ReceiptAnswers {
  private static final int STANDSTILLS_MAX = 16;

  private final JobIndex jobs;
  private final LogView log;
  private final @Nullable Contracts contracts;
  private final HttpWitnesses witnesses;
  private final AtomicReference<AnchorMessage.@Nullable Standing> standing =
      new AtomicReference<>();

  ReceiptAnswers(
      JobIndex jobs, LogView log, @Nullable Contracts contracts, HttpWitnesses witnesses) {
    this.witnesses = witnesses;
    this.jobs = jobs;
    this.log = log;
    this.contracts = contracts;
  }

  /** Takes in how the anchorer is. */
  void heard(AnchorMessage.Standing now) {
    standing.set(now);
  }

  AnchorMessage.@Nullable Standing standing() {
    return standing.get();
  }

  ReceiptLevel level(long index) {
    var now = standing.get();
    AnchorProgress progress = now == null ? new AnchorProgress(0, 0, 0) : now.progress();
    if (index < progress.finalSize()) {
      return ReceiptLevel.FINAL;
    }
    if (index < progress.safeSize()) {
      return ReceiptLevel.SAFE;
    }
    if (index < progress.minedSize()) {
      return ReceiptLevel.MINED;
    }
    return log.cosignedFrom(index + 1).isPresent() ? ReceiptLevel.WITNESSED : ReceiptLevel.LOGGED;
  }

  /** How far the log is. */
  LogStatus status(Version version) {
    var now = standing.get();
    AnchorProgress progress = now == null ? new AnchorProgress(0, 0, 0) : now.progress();
    return new LogStatus(
        String.valueOf(version.logOrigin()),
        String.valueOf(version.logKey()),
        log.size(),
        size(log.lastCheckpoint()),
        witnesses.quorum(),
        size(log.lastCosigned()),
        progress.minedSize(),
        progress.safeSize(),
        progress.finalSize(),
        now != null && now.reachable(),
        witnesses.state(),
        now == null || now.stalls().isEmpty() ? null : standstills(now),
        now == null || now.cost().anchors() == 0 ? null : spent(now.cost()));
  }

  /** The first in the order of planning: the others wait for them. */
  private static List<LogStatus.Standstill> standstills(AnchorMessage.Standing now) {
    return now.rows().stream()
        .map(OutboxRow::id)
        .flatMap(
            id ->
                Optional.ofNullable(now.stalls().get(id))
                    .map(why -> new LogStatus.Standstill(id, why))
                    .stream())
        .limit(STANDSTILLS_MAX)
        .toList();
  }

  private static LogStatus.Spent spent(AnchorCost cost) {
    return new LogStatus.Spent(
        cost.anchors(),
        cost.receipts(),
        cost.gas(),
        cost.feeWei().toString(),
        cost.l1FeeWei().toString(),
        cost.operatorFeeWei().toString());
  }

  private static long size(Optional<CheckpointNote> note) {
    return note.map(found -> found.checkpoint().size()).orElse(0L);
  }

  /** Where the receipt of what a job answered first stands, if it is in the log. */
  Optional<Long> firstIndex(JobId job) {
    return log.find(job + "/result/0").map(LeafIndex.Position::index);
  }

  /** The receipt of what a job answered first. */
  Receipt first(long index) {
    return Json.read(log.leaf(index).document().getBytes(StandardCharsets.UTF_8), Receipt.class);
  }

  ReceiptView receipt(JobId job, boolean first) {
    long index = index(job, first);
    LogLeaf leaf = log.leaf(index);
    return new ReceiptView(
        job,
        document(leaf),
        leaf.leafHex(),
        index,
        level(index),
        first ? null : answeredIndex(job).orElse(null));
  }

  /** Where what was answered before it was verified stands; a job may end with its only leaf. */
  private Optional<Long> answeredIndex(JobId job) {
    return firstIndex(job)
        .filter(index -> jobs.row(job).filter(row -> row.logIndex() == index).isEmpty());
  }

  private long index(JobId job, boolean first) {
    return first
        ? answeredIndex(job)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.NOT_FOUND, "leaf", "nothing was answered before it was verified"))
        : index(job);
  }

  ReceiptProof proof(JobId job, boolean first) {
    long index = index(job, first);
    LogLeaf leaf = log.leaf(index);
    Anchor covering =
        anchors().stream()
            .filter(each -> each.size() > index)
            .filter(each -> each.level().compareTo(ReceiptLevel.MINED) >= 0)
            .findFirst()
            .orElse(null);
    // The anchored checkpoint itself, if its note is known: then there is no more to prove.
    CheckpointNote note =
        Optional.ofNullable(covering)
            .flatMap(found -> exactly(found.size()))
            .or(() -> log.cosignedFrom(index + 1))
            .or(() -> log.checkpointFrom(index + 1))
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.WRONG_STATE,
                        "",
                        "no checkpoint covers it yet; ask again in a second"));
    long size = note.checkpoint().size();
    Anchor anchor = covering != null && covering.size() >= size ? covering : null;
    return new ReceiptProof(
        1,
        document(leaf),
        leaf.leafHex(),
        index,
        size,
        log.tree().inclusionProof(index, size),
        note.text(),
        anchor,
        anchor == null ? List.of() : log.tree().consistencyProof(size, anchor.size()));
  }

  private Optional<CheckpointNote> exactly(long size) {
    return log.cosignedFrom(size)
        .filter(note -> note.checkpoint().size() == size)
        .or(() -> log.checkpoint(size));
  }

  /** The log for everybody. */
  LogTiles tiles() {
    return new LogTiles(log);
  }

  Page<Anchor> page(PageQuery query) {
    var newest = anchors().reversed();
    return Page.whole(newest.subList(0, Math.min(newest.size(), query.limit())));
  }

  /** The anchors that are known, oldest first. */
  List<Anchor> anchors() {
    var now = standing.get();
    var anchors = new ArrayList<Anchor>();
    if (now != null) {
      now.finals().forEach(row -> add(anchors, row, ReceiptLevel.FINAL));
      now.rows().forEach(row -> add(anchors, row, level(row)));
    }
    return anchors;
  }

  private void add(List<Anchor> anchors, OutboxRow row, ReceiptLevel level) {
    if (row.intent() instanceof Intent.Anchor(_, var toSize, var rootHex)) {
      Address contract = contracts == null ? null : contracts.anchorLog();
      anchors.add(
          new Anchor(
              toSize,
              Digest.parse("sha256:" + rootHex),
              level,
              contracts == null ? null : (Long) contracts.chainId(),
              contract,
              row.attempts().isEmpty() ? null : row.attempts().getLast().txHash(),
              row.block().number() < 0 ? null : (Long) row.block().number(),
              null));
    }
  }

  private ReceiptLevel level(OutboxRow row) {
    return switch (row.state()) {
      case PLANNED, SIGNED, SENT, CONFLICTED ->
          witnesses.quorum() > 0 ? ReceiptLevel.WITNESSED : ReceiptLevel.LOGGED;
      case MINED, SATISFIED -> ReceiptLevel.MINED;
      case SAFE -> ReceiptLevel.SAFE;
    };
  }

  private long index(JobId job) {
    JobRow row =
        jobs.row(job)
            .orElseThrow(
                () -> new ProblemException(Problem.NOT_FOUND, "job", "there is no job " + job));
    if (row.logIndex() < 0) {
      throw new ProblemException(
          Problem.WRONG_STATE, "", "the job is " + row.state() + " and has no receipt");
    }
    return row.logIndex();
  }

  private static JsonNode document(LogLeaf leaf) {
    return Json.tree(leaf.document().getBytes(StandardCharsets.UTF_8));
  }
}
