package xyz.openledger.actors.tuning;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.tuning.TuningEvent.Maker;
import xyz.openledger.actors.tuning.TuningEvent.Order;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;

/**
 * What the events of one training add up to.
 *
 * <pre>
 *   made 0 ─▶ made 1 ─▶ … ─▶ made n-1 ─▶ drawn ─▶ each drawn piece agreed ─▶ finished
 *               ▲                                     │
 *               └──── back to before the liar's first ◀┘ refuted
 * </pre>
 *
 * @param pieces those that are made, in their order
 * @param open jobs that are under way
 * @param stopped jobs that were under way when it was over, and that nobody wants any more
 * @param orders how many jobs there were
 * @param missed how many of them brought nothing since the last that did
 * @param refutations how many pieces were found wrong
 * @param drawn the pieces that are made again; null before the draw
 * @param shunned owners who lied in this training, and get no more of it
 * @param avoided owners who said that nothing comes of what is to be made next
 * @param chargedNanoOpen for all jobs so far
 * @param history all events
 */
public record TuningRun(
    TuningId id,
    TenantId tenant,
    TuningPlan plan,
    List<Piece> pieces,
    List<Order> open,
    List<Order> stopped,
    int orders,
    int missed,
    int refutations,
    @Nullable Set<Integer> drawn,
    Set<Address> shunned,
    Set<Address> avoided,
    long chargedNanoOpen,
    List<TuningEvent> history,
    TuningEvent.@Nullable Finished finished) {

  /**
   * A piece that is made.
   *
   * @param confirmedBy the job that came to the same on another owner's machine; null before
   */
  public record Piece(
      JobId job,
      Digest checkpoint,
      List<Double> losses,
      @Nullable Double heldBackLoss,
      List<Maker> makers,
      long chargedNanoOpen,
      @Nullable JobId confirmedBy) {
    Piece confirmed(JobId by) {
      return new Piece(job, checkpoint, losses, heldBackLoss, makers, chargedNanoOpen, by);
    }

    boolean isBy(Set<Address> owners) {
      return makers.stream().map(Maker::owner).anyMatch(owners::contains);
    }
  }

  /** The first event makes a training. */
  static TuningRun of(TuningEvent.Started started) {
    return new TuningRun(
        started.run(),
        started.tenant(),
        started.plan(),
        List.of(),
        List.of(),
        List.of(),
        0,
        0,
        0,
        null,
        Set.of(),
        Set.of(),
        0,
        List.of(started),
        null);
  }

  /** How many pieces it has in all. */
  public int planned() {
    return plan.request().pieces();
  }

  /** When it began. */
  public long startedAtMillis() {
    return history.getFirst().atMillis();
  }

  /** The job under way with that number; null if it is not. */
  @Nullable Order order(int serial) {
    return open.stream().filter(order -> order.serial() == serial).findAny().orElse(null);
  }

  /** Whose machines get no further job of it now. */
  public List<Address> elsewhere() {
    return Stream.concat(shunned.stream(), avoided.stream()).distinct().sorted().toList();
  }

  /** The checkpoint that a piece begins with; null at the beginning. */
  public @Nullable Digest before(int piece) {
    return piece == 0 ? null : pieces.get(piece - 1).checkpoint();
  }

  /** What is committed to, piece by piece, and not confirmed yet. */
  TreeMap<Integer, Digest> unconfirmed() {
    var unconfirmed = new TreeMap<Integer, Digest>();
    for (int i = 0; i < pieces.size(); i++) {
      if (pieces.get(i).confirmedBy() == null) {
        unconfirmed.put(i, pieces.get(i).checkpoint());
      }
    }
    return unconfirmed;
  }

  /** The one way it changes. */
  TuningRun apply(TuningEvent event) {
    var next = new Change(this, event);
    switch (event) {
      case TuningEvent.Started _ -> throw new IllegalStateException(id + " was started before");
      case TuningEvent.Ordered(_, var order, _) -> {
        next.open.add(order);
        next.orders++;
      }
      case TuningEvent.Made made -> {
        next.close(made.serial(), made.chargedNanoOpen());
        next.brought();
        next.pieces.add(
            new Piece(
                made.job(),
                made.checkpoint(),
                made.losses(),
                made.heldBackLoss(),
                made.makers(),
                made.chargedNanoOpen(),
                null));
      }
      case TuningEvent.Missed missed -> {
        next.close(missed.serial(), missed.chargedNanoOpen());
        next.missed++;
        missed.makers().forEach(maker -> next.avoided.add(maker.owner()));
      }
      case TuningEvent.Drawn(_, var pieces, _) -> next.drawn = new TreeSet<>(pieces);
      case TuningEvent.Checked checked -> {
        int piece = next.close(checked.serial(), checked.chargedNanoOpen()).piece();
        next.brought();
        // An answer about a piece that was taken back meanwhile says nothing about the new one.
        if (piece < next.pieces.size()) {
          next.checked(piece, checked);
        }
      }
      case TuningEvent.Finished finished -> {
        next.stopped.addAll(next.open);
        next.open.clear();
        next.finished = finished;
      }
    }
    return next.run();
  }

  /** A training that is being changed. */
  private static final class Change {
    private final TuningRun before;
    private final List<TuningEvent> history;
    private final List<Piece> pieces;
    private final List<Order> open;
    private final List<Order> stopped;
    private final Set<Address> shunned;
    private final Set<Address> avoided;
    private int orders;
    private int missed;
    private int refutations;
    private @Nullable Set<Integer> drawn;
    private long charged;
    private TuningEvent.@Nullable Finished finished;

    Change(TuningRun before, TuningEvent event) {
      this.before = before;
      history = new ArrayList<>(before.history);
      history.add(event);
      pieces = new ArrayList<>(before.pieces);
      open = new ArrayList<>(before.open);
      stopped = new ArrayList<>(before.stopped);
      shunned = new HashSet<>(before.shunned);
      avoided = new HashSet<>(before.avoided);
      orders = before.orders;
      missed = before.missed;
      refutations = before.refutations;
      drawn = before.drawn;
      charged = before.chargedNanoOpen;
      finished = before.finished;
    }

    Order close(int serial, long chargedNanoOpen) {
      Order order = before.order(serial);
      if (order == null) {
        throw new IllegalStateException("%s has no job %d".formatted(before.id, serial));
      }
      open.remove(order);
      charged += chargedNanoOpen;
      return order;
    }

    void brought() {
      missed = 0;
      avoided.clear();
    }

    void checked(int number, TuningEvent.Checked checked) {
      Piece piece = pieces.get(number);
      checked.refuted().forEach(maker -> shunned.add(maker.owner()));
      if (piece.checkpoint().equals(checked.checkpoint())) {
        pieces.set(number, piece.confirmed(checked.job()));
      } else {
        refutations++;
        piece.makers().forEach(maker -> shunned.add(maker.owner()));
      }
      // Whoever lied once is not believed in what nobody has looked at, and what was built on that
      // is worth nothing.
      for (int i = 0; i < pieces.size(); i++) {
        if (pieces.get(i).confirmedBy() == null && pieces.get(i).isBy(shunned)) {
          pieces.subList(i, pieces.size()).clear();
          drawn = null;
        }
      }
    }

    TuningRun run() {
      return new TuningRun(
          before.id,
          before.tenant,
          before.plan,
          List.copyOf(pieces),
          List.copyOf(open),
          List.copyOf(stopped),
          orders,
          missed,
          refutations,
          drawn == null ? null : Set.copyOf(drawn),
          Set.copyOf(shunned),
          Set.copyOf(avoided),
          charged,
          List.copyOf(history),
          finished);
    }
  }
}
