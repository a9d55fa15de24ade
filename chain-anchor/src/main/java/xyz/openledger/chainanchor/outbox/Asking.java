package xyz.openledger.chainanchor.outbox;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import xyz.openledger.chainanchor.outbox.Action.Tag;
import xyz.openledger.chainanchor.outbox.OutboxRow.State;

/**
 * What the rows need done now. Derived from their states alone, so that nothing is lost with an
 * answer.
 */
final class Asking {
  private final OutboxSettings settings;
  private final Lane lane;
  private final ChainView view;
  private final Map<String, Long> resentAtBlock = new HashMap<>();
  private Map<Action, Long> askedAtMillis = new HashMap<>();
  private BlockRef head = BlockRef.NONE;

  Asking(OutboxSettings settings, Lane lane, ChainView view) {
    this.settings = settings;
    this.lane = lane;
    this.view = view;
  }

  void follow(OutboxEvent event) {
    switch (event) {
      case OutboxEvent.Finalized(String id, long _, String _) -> resentAtBlock.remove(id);
      case OutboxEvent.RolledBack _ -> resentAtBlock.clear();
      default -> {
        // What is wanted follows from the rows.
      }
    }
  }

  /**
   * Each wanted action once a head, and again when its answer is overdue.
   *
   * @param actionsMax how many can be carried out now; those beyond are due next time
   */
  List<Action> actions(long nowMillis, int actionsMax) {
    var seen = view.head();
    if (seen.isEmpty()) {
      return List.of();
    }
    head = seen.get().ref();
    var due = new ArrayList<Action>();
    Map<Action, Long> still = new HashMap<>();
    for (Action action : wanted(seen.get())) {
      Long before = askedAtMillis.get(action);
      if (before != null && nowMillis >= before && nowMillis - before < settings.retryMillis()) {
        still.put(action, before);
      } else if (due.size() < actionsMax) {
        due.add(action);
        still.put(action, nowMillis);
        if (action instanceof Action.Send send) {
          resentAtBlock.put(send.id(), view.headNumber());
        }
      }
    }
    askedAtMillis = still;
    return due;
  }

  private Set<Action> wanted(Observation.HeadSeen seen) {
    var wanted = new LinkedHashSet<Action>();
    var rows = byUrgency(lane.inOrder());
    blocks(rows, wanted);
    boolean open = rows.stream().anyMatch(row -> row.isInFlight() || row.state() == State.PLANNED);
    if (open) {
      wanted.add(new Action.AskNonce(head));
    }
    for (OutboxRow row : rows) {
      switch (row.state()) {
        case SIGNED, SENT -> inFlight(row, wanted);
        case SAFE -> {
          // Beside asking for its block: both answers are needed at one head.
          if (row.block().number() <= seen.finalNumber()) {
            wanted.add(check(row, Tag.FINAL));
          }
        }
        case SATISFIED -> {
          finalEffect(row, seen, wanted);
          wanted.add(check(row, Tag.LATEST));
        }
        case CONFLICTED -> {
          // Conflicts wait for a person, who may publish a root by hand.
          if (row.intent() instanceof Intent.PublishRoot) {
            finalEffect(row, seen, wanted);
          }
        }
        case PLANNED, MINED -> {
          // Planned rows take turns, below; mined ones wait for blocks.
        }
      }
    }
    planned(rows, seen, wanted);
    replacement(rows, seen, wanted);
    return wanted;
  }

  /** Everybody's receipts and payouts before what single tenants and owners ask for. */
  private static List<OutboxRow> byUrgency(List<OutboxRow> rows) {
    return rows.stream()
        .sorted(Comparator.comparing(row -> isForOne(row.intent().kind())))
        .toList();
  }

  private static boolean isForOne(Intent.Kind kind) {
    return switch (kind) {
      case ANCHOR, PUBLISH_ROOT, FUND -> false;
      case WITHDRAW, REGISTER_NODE, SETTLE_VOUCHERS -> true;
    };
  }

  private void finalEffect(OutboxRow row, Observation.HeadSeen seen, Set<Action> wanted) {
    if (view.finalBlock().isEmpty()) {
      wanted.add(new Action.AskBlock(head, seen.finalNumber()));
    }
    wanted.add(check(row, Tag.FINAL));
  }

  private void blocks(List<OutboxRow> rows, Set<Action> wanted) {
    for (OutboxRow row : rows) {
      if (row.isMined() && view.canonical(row.block().number()).isEmpty()) {
        wanted.add(new Action.AskBlock(head, row.block().number()));
      }
    }
    for (Reply.Receipt receipt : view.receipts().values()) {
      if (view.canonical(receipt.block().number()).isEmpty()) {
        wanted.add(new Action.AskBlock(head, receipt.block().number()));
      }
    }
    OutboxRow last = lane.lastFinal();
    if (last != null && !view.isFinalConfirmed()) {
      wanted.add(new Action.AskBlock(head, last.block().number()));
    }
  }

  private void inFlight(OutboxRow row, Set<Action> wanted) {
    var last = row.attempts().getLast();
    var send = new Action.Send(head, row.id(), last.txHash(), last.rawHex());
    if (row.sentAtBlock() < 0) {
      wanted.add(send);
    } else {
      long since =
          Math.max(row.sentAtBlock(), resentAtBlock.getOrDefault(row.id(), row.sentAtBlock()));
      // A head below the last one means that the chain went back, and the pool with it.
      if (view.headNumber() - since >= settings.resendBlocks() || view.headNumber() < since) {
        wanted.add(send);
      }
    }
    if (view.nonce() > row.nonce()) {
      // The dearest is the likeliest.
      for (Attempt attempt : row.attempts().reversed()) {
        wanted.add(new Action.AskReceipt(head, attempt.txHash()));
      }
    }
  }

  /** Looks for the effects of the next rows, and has the first that may be signed signed. */
  private void planned(List<OutboxRow> rows, Observation.HeadSeen seen, Set<Action> wanted) {
    long inFlight = rows.stream().filter(OutboxRow::isInFlight).count();
    long room = settings.inFlightMax() - inFlight;
    boolean anchorAhead = false;
    boolean signing = false;
    for (OutboxRow row : rows) {
      boolean anchor = row.intent() instanceof Intent.Anchor;
      boolean turn =
          row.state() == State.PLANNED
              && room > 0
              && !(anchor && anchorAhead)
              && !view.waits(row.id());
      if (turn) {
        room--;
        if (!view.isCleared(row.id())) {
          wanted.add(check(row, Tag.LATEST));
        } else if (!signing && view.nonce() >= 0) {
          // One at a time: the next row's nonce depends on whether this one gets its own.
          signing = true;
          var fees = Fees.first(settings, seen);
          wanted.add(sign(row, Observing.nextNonce(lane, view), fees));
        }
      }
      // Anchors build on one another: each starts where the one before it ends.
      anchorAhead |= anchor && !row.isMined() && row.state() != State.SATISFIED;
    }
  }

  /** Only the row that the chain waits for is made dearer; those behind it wait for it anyway. */
  private void replacement(List<OutboxRow> rows, Observation.HeadSeen seen, Set<Action> wanted) {
    rows.stream()
        .filter(OutboxRow::isInFlight)
        .min((a, b) -> Long.compare(a.nonce(), b.nonce()))
        .filter(row -> view.nonce() <= row.nonce())
        .filter(this::isStuck)
        .ifPresent(row -> replace(row, seen, wanted));
  }

  private void replace(OutboxRow row, Observation.HeadSeen seen, Set<Action> wanted) {
    var fees = Fees.above(settings, row.attempts().size(), row.dearest(), seen);
    if (fees.isPresent()) {
      wanted.add(sign(row, row.nonce(), fees.get()));
    } else {
      view.stall(
          row.id(),
          "the chain does not take it for %d wei per gas, of which %d are a tip, and the fee cap of %d allows no more; raise openledger.chain.fee-cap-gwei"
              .formatted(
                  row.dearest().maxFeeWeiPerGas(),
                  row.dearest().tipWeiPerGas(),
                  settings.feeCapWei()));
    }
  }

  private boolean isStuck(OutboxRow row) {
    return view.isUnderpriced(row.id())
        || (row.sentAtBlock() >= 0
            && view.headNumber() - row.sentAtBlock() >= settings.bumpBlocks());
  }

  private Action sign(OutboxRow row, long nonce, Fees fees) {
    return new Action.Sign(head, row.id(), row.intent(), nonce, fees.maxFeeWei(), fees.tipWei());
  }

  /**
   * An anchor's contract is asked only after it has refused one: that it would take the checkpoint
   * follows from the size of its log.
   */
  private Action check(OutboxRow row, Tag tag) {
    boolean asksContract =
        tag == Tag.LATEST && (!(row.intent() instanceof Intent.Anchor) || row.reverts() > 0);
    return new Action.CheckEffect(head, row.id(), row.intent(), tag, asksContract);
  }
}
