package xyz.openledger.cluster.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.api.TuningNews;
import xyz.openledger.protocol.api.TuningRecipe;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.api.TuningState;
import xyz.openledger.protocol.api.TuningView;
import xyz.openledger.protocol.client.OpenLedgerClient;
import xyz.openledger.protocol.json.Json;

/**
 * The part of the story in which an adapter is trained: one machine makes each piece, the cheapest
 * of them skips steps, and a draw finds it out.
 */
final class TuningChapter {
  private static final int STEPS = 40;
  private static final int PIECE_STEPS = 10;
  private static final int CHECKS = 2;

  /** Whoever was caught has less. */
  private static final int REPUTATION_MIN = 3_500;

  private final OpenLedgerClient client;
  private final Story story;

  TuningChapter(OpenLedgerClient client, Story story) {
    this.client = client;
    this.story = story;
  }

  /**
   * Trains on a file of questions and answers, and has the adapter served.
   *
   * @param limits of price, time and place
   * @param liar the machine that skips steps
   */
  TuningView tell(Path samples, Policy.Limits limits, NodeId liar) {
    story.chapter("A new adapter is trained in pieces, each by one machine, some looked at again");
    Digest data = client.blobs().put(samples).digest();
    var policy =
        new Policy(
            null,
            new Policy.Limits(
                limits.priceMaxNanoOpen(), limits.deadlineMillis(), null, null, REPUTATION_MIN),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null);
    var recipe =
        new TuningRecipe(
            STEPS,
            4,
            null,
            4,
            null,
            null,
            20261123L,
            8,
            null,
            List.of("q_proj", "v_proj", "down_proj"));
    var request =
        new TuningRequest("tiny", data, "mate", recipe, PIECE_STEPS, true, CHECKS, policy);
    TuningView begun = client.tunings().start(request, "demo-training");
    TuningView ended = client.tunings().await(begun.id(), Duration.ofMinutes(5), _ -> {});
    List<TuningNews> news = client.tunings().events(ended.id()).stream().toList();
    news.stream()
        .filter(each -> !each.kind().equals("ordered"))
        .forEach(each -> story.line("%-8s %s", each.kind(), each.text()));
    story.check(
        "trained-in-pieces",
        ended.state() == TuningState.SUCCEEDED
            && ended.pieces().stream().filter(it -> it.check().equals("agreed")).count() >= CHECKS,
        "%d pieces; %d of them, drawn when all were committed to, were made again with equal"
            + " bits%s",
        ended.pieces().size(),
        CHECKS,
        ended.detail().isEmpty() ? "" : ": " + ended.detail());
    caught(news, ended, liar);
    return ended;
  }

  private void caught(List<TuningNews> news, TuningView ended, NodeId liar) {
    boolean made = news.stream().anyMatch(it -> it.kind().equals("made") && names(it, liar));
    boolean refuted = news.stream().anyMatch(it -> it.kind().equals("refuted") && names(it, liar));
    boolean clean = ended.pieces().stream().noneMatch(piece -> piece.nodes().contains(liar));
    boolean inReceipt =
        client.jobs().list(null, Map.of("tuning", ended.id().value())).stream()
            .filter(job -> job.receiptIndex() != null)
            .flatMap(job -> receipt(job.id()).tasks().stream())
            .flatMap(task -> task.replicas().stream())
            .anyMatch(
                replica ->
                    replica.node().equals(liar)
                        && replica.standing() == Receipt.Standing.REJECTED
                        && replica.statement() != null);
    story.check(
        "skipped-steps-caught",
        made && refuted && clean && inReceipt,
        "kit made pieces in a tenth of their steps; one was drawn, its signed word stands refuted"
            + " in a receipt, and nothing of it is in the adapter (made by %s)",
        ended.pieces().stream()
            .flatMap(piece -> piece.nodes().stream())
            .map(node -> client.network().node(node.value()).node().name())
            .distinct()
            .collect(Collectors.joining(", ")));
  }

  private Receipt receipt(JobId job) {
    return Json.read(client.receipts().show(job.value()).document(), Receipt.class);
  }

  private static boolean names(TuningNews news, NodeId node) {
    return news.text().contains(node.value());
  }
}
