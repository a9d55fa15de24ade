package xyz.openledger.chainanchor.outbox;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import xyz.openledger.chainanchor.outbox.OutboxRow.State;

/**
 * Everything that one key has to send, and the rules by which it gets onto the chain exactly once.
 *
 * <pre>
 *             check effect       sign, store        send
 *   PLANNED ───────────────▶ (absent) ─────▶ SIGNED ─────▶ SENT ─────▶ MINED ─────▶ SAFE ─────▶ final
 *     ▲  │  └──(done)──▶ SATISFIED ─────────────────────────▲  ▲         │            │            │
 *     │  └──(never)────▶ CONFLICTED (taken back) ─▶ retired    replace └──┘◀────────┴── rewound ─┘            │
 *     └───────────── reverted, nonce taken, renumbered, rolled back ◀──────────────────────────────┘
 * </pre>
 *
 * <p>The caller keeps a loop: hand what was seen to {@link #observe}; write the events down; {@link
 * #apply} them; then carry out {@link #actions}. Nothing is sent that was not stored first, since
 * actions follow from applied events alone. After a crash, replaying the events restores the
 * outbox; what is believed of the chain is asked again.
 *
 * <p>Why once: before a row is signed its effect is looked for; all transactions of a row share its
 * nonce, so at most one is mined; a nonce is believed lost only when every stored transaction of it
 * is missing at several heads; and where all this is deceived, the contract itself refuses the
 * second effect, which the outbox then finds and accepts.
 *
 * <p>Not thread-safe.
 */
public final class Outbox {
  private final OutboxSettings settings;
  private final Lane lane;
  private final ChainView view = new ChainView();
  private final Observing observing;
  private final Asking asking;

  /** An empty outbox. */
  public Outbox(OutboxSettings settings) {
    this.settings = settings;
    this.lane = new Lane(settings.finalsKept());
    this.observing = new Observing(settings, lane, view);
    this.asking = new Asking(settings, lane, view);
  }

  /** An outbox as it was when the snapshot was taken. */
  public static Outbox of(OutboxSettings settings, OutboxSnapshot snapshot) {
    var outbox = new Outbox(settings);
    outbox.lane.restore(snapshot);
    return outbox;
  }

  /**
   * Plans a call. A repeat plans nothing, nor does a withdrawal that was given up: its money went
   * back to the account. Other calls that were given up may be planned again, when whoever wants
   * them has seen to what stood in their way.
   *
   * @param id names it; the same id is the same call for ever
   * @return the events to write; none for a repeat
   * @throws IllegalArgumentException if the id came before with another intent, or for an anchor:
   *     see {@link #planAnchor}
   */
  public List<OutboxEvent> plan(String id, Intent intent) {
    if (intent instanceof Intent.Anchor) {
      throw new IllegalArgumentException("anchors are planned by planAnchor");
    }
    if (intent instanceof Intent.Withdraw && lane.abandoned(id).isPresent()) {
      return List.of();
    }
    var known =
        lane.find(id)
            .or(() -> lane.finals().stream().filter(row -> row.id().equals(id)).findFirst());
    if (known.isEmpty()) {
      return List.of(new OutboxEvent.Planned(id, intent));
    }
    if (!known.get().intent().equals(intent)) {
      throw new IllegalArgumentException(
          "%s is planned as %s, not %s".formatted(id, known.get().intent(), intent));
    }
    return List.of();
  }

  /**
   * Plans that the chain shall know the log up to {@code toSize}. While an anchor waits to be
   * signed it grows; so however long the chain is away, one transaction catches up.
   *
   * @param rootHex the root at that size, 64 hex digits
   * @return the events to write; none if that much is planned, or if the chain contradicts an
   *     anchor
   */
  public List<OutboxEvent> planAnchor(long toSize, String rootHex) {
    var last =
        lane.inOrder().reversed().stream()
            .filter(row -> row.intent() instanceof Intent.Anchor)
            .findFirst();
    boolean conflicted = last.isPresent() && last.get().state() == State.CONFLICTED;
    if (toSize <= lane.plannedLogSize() || conflicted) {
      return List.of();
    }
    if (last.isPresent() && last.get().state() == State.PLANNED) {
      return List.of(new OutboxEvent.AnchorGrown(last.get().id(), toSize, rootHex));
    }
    long fromSize = lane.plannedLogSize();
    return List.of(
        new OutboxEvent.Planned(
            "anchor-" + fromSize, new Intent.Anchor(fromSize, toSize, rootHex)));
  }

  /**
   * Gives a payout epoch up that the final chain contradicts, once a person has decided that it
   * shall never be published.
   *
   * @return the events to write; none if there is no such row, or nothing contradicts it
   */
  public List<OutboxEvent> retire(String id) {
    return lane.find(id)
        .filter(row -> row.state() == State.CONFLICTED)
        .filter(row -> row.intent() instanceof Intent.PublishRoot)
        .map(_ -> List.<OutboxEvent>of(new OutboxEvent.Abandoned(id, "taken back by a person")))
        .orElse(List.of());
  }

  /** Takes in what was seen. Changes only beliefs; the events say what it means. */
  public List<OutboxEvent> observe(Observation observation) {
    return observing.observe(observation);
  }

  /**
   * Books an event that was written down.
   *
   * @throws IllegalStateException if it cannot follow
   */
  public void apply(OutboxEvent event) {
    lane.apply(event);
    observing.follow(event);
    asking.follow(event);
  }

  /**
   * What to do now. Each is answered, in time, by an observation; what is not answered is asked for
   * again.
   */
  public List<Action> actions(long nowMillis) {
    return actions(nowMillis, Integer.MAX_VALUE);
  }

  /** The same where only so many can be carried out now: the rest is due at the next call. */
  public List<Action> actions(long nowMillis, int actionsMax) {
    return asking.actions(nowMillis, actionsMax);
  }

  /** The rows on their way, in the order of planning. */
  public List<OutboxRow> rows() {
    return lane.inOrder();
  }

  /** The row of that id, if it is on its way. */
  public Optional<OutboxRow> row(String id) {
    return lane.find(id);
  }

  /** The row of that id, if it is final and not forgotten yet. */
  public Optional<OutboxRow> finalRow(String id) {
    return lane.finals().stream().filter(row -> row.id().equals(id)).findFirst();
  }

  /**
   * Why the call of that id was given up, if it was and was not planned since. A withdrawal will
   * never be sent.
   */
  public Optional<String> abandoned(String id) {
    return lane.abandoned(id);
  }

  /** The rows that are final and not forgotten yet, oldest first. */
  public List<OutboxRow> finalRows() {
    return List.copyOf(lane.finals());
  }

  /** How far the chain has the log, as far as this outbox brought it. */
  public AnchorProgress anchorProgress() {
    long finalSize = lane.finalLogSize();
    long safeSize = finalSize;
    long minedSize = finalSize;
    for (OutboxRow row : lane.rows()) {
      if (row.state() == State.SAFE) {
        safeSize = Math.max(safeSize, logSize(row));
      }
      if (row.isMined() || row.state() == State.SATISFIED) {
        minedSize = Math.max(minedSize, logSize(row));
      }
    }
    return new AnchorProgress(Math.max(minedSize, safeSize), safeSize, finalSize);
  }

  /** The rows that get no further, by their ids: why, and what to do where that is known. */
  public NavigableMap<String, String> stalls() {
    var stalls = new TreeMap<>(view.stalls());
    stalls.keySet().removeIf(id -> lane.find(id).isEmpty());
    return stalls;
  }

  /** What the anchors that are final have cost. */
  public AnchorCost anchorCost() {
    return lane.anchorCost();
  }

  /** The last head seen, if any. */
  public Optional<Observation.HeadSeen> head() {
    return view.head();
  }

  /** All that must not be forgotten, for storing. */
  public OutboxSnapshot snapshot() {
    return lane.snapshot();
  }

  /** How it was set up. */
  public OutboxSettings settings() {
    return settings;
  }

  private static long logSize(OutboxRow row) {
    return row.intent() instanceof Intent.Anchor anchor ? anchor.toSize() : 0;
  }
}
