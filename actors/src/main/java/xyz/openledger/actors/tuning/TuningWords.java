package xyz.openledger.actors.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.tuning.TuningEvent.Maker;
import xyz.openledger.pools.SegmentDraw;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.api.TuningNews;
import xyz.openledger.protocol.api.TuningPiece;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.api.TuningState;
import xyz.openledger.protocol.api.TuningView;

/** How a training is told. */
final class TuningWords {
  private TuningWords() {}

  static TuningView view(TuningRun run, TuningWork work) {
    TuningRequest request = run.plan().request();
    TuningEvent.Finished finished = run.finished();
    var pieces = new ArrayList<TuningPiece>();
    for (int i = 0; i < run.pieces().size(); i++) {
      pieces.add(piece(run, i));
    }
    boolean served = finished != null && finished.adapter() != null && request.adapter() != null;
    return new TuningView(
        run.id(),
        run.tenant(),
        state(run),
        request,
        pieces,
        run.open().stream().map(order -> work.job(run, order)).toList(),
        finished == null ? null : finished.adapter(),
        served ? request.model() + ":" + request.adapter() : null,
        request.checks() == 0 ? null : SegmentDraw.passes(run.planned(), 1, request.checks()),
        finished == null ? null : finished.problem(),
        finished == null ? "" : finished.detail(),
        run.chargedNanoOpen(),
        run.startedAtMillis(),
        run.history().getLast().atMillis());
  }

  private static TuningState state(TuningRun run) {
    TuningEvent.Finished finished = run.finished();
    if (finished != null) {
      return finished.problem() == null
          ? TuningState.SUCCEEDED
          : finished.problem() == Problem.CANCELLED ? TuningState.CANCELLED : TuningState.FAILED;
    }
    return run.pieces().size() < run.planned() ? TuningState.RUNNING : TuningState.CHECKING;
  }

  private static TuningPiece piece(TuningRun run, int number) {
    TuningRun.Piece piece = run.pieces().get(number);
    Set<Integer> drawn = run.drawn();
    return new TuningPiece(
        number,
        run.plan().request().until(number),
        piece.job(),
        piece.checkpoint(),
        piece.losses().isEmpty() ? null : piece.losses().getLast(),
        piece.heldBackLoss(),
        piece.makers().stream().map(Maker::node).toList(),
        piece.confirmedBy() != null
            ? "agreed"
            : drawn != null && drawn.contains(number) ? "drawn" : "none",
        piece.confirmedBy(),
        piece.chargedNanoOpen());
  }

  /** What happened from a number on. */
  static List<TuningNews> news(TuningRun run, long from, int max) {
    var news = new ArrayList<TuningNews>();
    var told = TuningRun.of((TuningEvent.Started) run.history().getFirst());
    for (int i = 0; i < run.history().size() && news.size() < max; i++) {
      TuningEvent event = run.history().get(i);
      if (i >= from) {
        news.add(news(i, told, event));
      }
      told = i == 0 ? told : told.apply(event);
    }
    return news;
  }

  /**
   * One of them.
   *
   * @param before what the training was then
   */
  private static TuningNews news(long number, TuningRun before, TuningEvent event) {
    TuningRequest request = before.plan().request();
    return switch (event) {
      case TuningEvent.Started started ->
          plain(
              number,
              started,
              "started",
              null,
              "%d steps in %d pieces on %s"
                  .formatted(request.recipe().steps(), before.planned(), request.model()));
      case TuningEvent.Ordered(_, var order, _) ->
          plain(
              number,
              event,
              "ordered",
              order.piece(),
              "piece %d is to be made%s".formatted(order.piece(), order.again() ? " again" : ""));
      case TuningEvent.Made made -> {
        int piece = pieceOf(before, made.serial());
        yield new TuningNews(
            number,
            "made",
            piece,
            request.until(piece),
            made.losses(),
            made.heldBackLoss(),
            "piece %d, up to step %d, by %s: %s"
                .formatted(
                    piece,
                    request.until(piece),
                    nodes(made.makers()),
                    made.checkpoint().hex().substring(0, 16)),
            made.atMillis());
      }
      case TuningEvent.Missed missed ->
          plain(
              number,
              missed,
              "missed",
              pieceOf(before, missed.serial()),
              "%s brought nothing: %s".formatted(missed.job(), missed.detail()));
      case TuningEvent.Drawn drawn ->
          plain(
              number,
              drawn,
              "drawn",
              null,
              "all pieces are committed to; drawn to be made again: " + drawn.pieces());
      case TuningEvent.Checked checked -> {
        int piece = pieceOf(before, checked.serial());
        boolean agreed =
            piece < before.pieces().size()
                && before.pieces().get(piece).checkpoint().equals(checked.checkpoint());
        yield plain(
            number,
            checked,
            agreed ? "agreed" : "refuted",
            piece,
            agreed
                ? "piece %d was made again: every bit agrees".formatted(piece)
                : "piece %d was made again and came to other bits: %s had lied; the evidence is in the receipt of %s"
                    .formatted(piece, nodes(checked.refuted()), checked.job()));
      }
      case TuningEvent.Finished finished ->
          plain(
              number,
              finished,
              "finished",
              null,
              finished.problem() == null ? "the adapter is there" : finished.detail());
    };
  }

  private static int pieceOf(TuningRun before, int serial) {
    TuningEvent.Order order = before.order(serial);
    return order == null ? -1 : order.piece();
  }

  private static String nodes(List<Maker> makers) {
    return String.join(", ", makers.stream().map(maker -> maker.node().value()).toList());
  }

  private static TuningNews plain(
      long number, TuningEvent event, String kind, @Nullable Integer piece, String text) {
    return new TuningNews(number, kind, piece, null, List.of(), null, text, event.atMillis());
  }
}
