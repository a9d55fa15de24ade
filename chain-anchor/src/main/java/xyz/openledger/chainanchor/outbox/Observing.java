package xyz.openledger.chainanchor.outbox;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import xyz.openledger.chainanchor.outbox.Action.Tag;
import xyz.openledger.chainanchor.outbox.OutboxRow.State;
import xyz.openledger.chainanchor.outbox.Reply.Effect;

/** What each observation means for the rows. */
final class Observing {
  private static final String ROLLBACK = "rollback";
  private static final String GAP = "gap";

  private final OutboxSettings settings;
  private final Lane lane;
  private final ChainView view;

  Observing(OutboxSettings settings, Lane lane, ChainView view) {
    this.settings = settings;
    this.lane = lane;
    this.view = view;
  }

  List<OutboxEvent> observe(Observation observation) {
    return switch (observation) {
      case Observation.HeadSeen head -> {
        view.see(head);
        OutboxRow last = lane.lastFinal();
        if (last != null && head.number() <= last.block().number()) {
          // The chain went back as far as a final block; is it still there?
          view.doubtFinal();
        }
        yield blocks();
      }
      case Observation.Answered(Action action, Reply reply) -> answered(action, reply);
    };
  }

  private List<OutboxEvent> answered(Action action, Reply reply) {
    // Signatures and sendings are facts at any time. What a node says of the chain is worth
    // something while
    // the chain is the one it was asked about.
    boolean timeless = action instanceof Action.Sign || action instanceof Action.Send;
    if (!timeless && !view.isFresh(action.head())) {
      return List.of();
    }
    return switch (action) {
      case Action.Sign sign when reply instanceof Reply.Signature(Attempt attempt) ->
          one(signature(sign, attempt));
      case Action.Send send when reply instanceof Reply.Sending outcome -> one(sent(send, outcome));
      case Action.CheckEffect check when reply instanceof Effect effect ->
          one(effect(check, effect));
      case Action.AskNonce _ when reply instanceof Reply.Nonce(long nonce) -> {
        view.seeNonce(nonce);
        yield one(gap());
      }
      case Action.AskReceipt ask when reply instanceof Reply.Receipt receipt -> {
        view.keep(ask.txHash(), receipt);
        yield blocks();
      }
      case Action.AskReceipt ask when reply instanceof Reply.NoReceipt ->
          one(missing(ask.txHash()));
      case Action.AskBlock ask when reply instanceof Reply.Block(String hash) -> {
        view.seeBlock(ask.number(), hash);
        var rolledBack = rollback(ask.number(), hash);
        yield rolledBack.isPresent() ? List.of(rolledBack.get()) : blocks();
      }
      default -> throw new IllegalArgumentException(reply + " does not answer " + action);
    };
  }

  /** Adjusts beliefs to what was written down. */
  void follow(OutboxEvent event) {
    switch (event) {
      case OutboxEvent.Signed(String id, long _, Attempt _) -> view.forget(id);
      case OutboxEvent.AnchorShifted(String id, long _) -> view.forget(id);
      case OutboxEvent.NonceTaken(String id, long _) -> view.forget(id);
      case OutboxEvent.Reverted(String id, String _, long _) -> {
        view.forget(id);
        // A call that keeps being refused is tried less and less often.
        int reverts = lane.find(id).map(OutboxRow::reverts).orElse(0);
        view.waitFor(id, 1L << Math.min(reverts, 6));
      }
      case OutboxEvent.Renumbered _ -> view.forgetRows();
      case OutboxEvent.RolledBack _ -> view.forgetAll();
      default -> {
        // Nothing is believed of it that this changes.
      }
    }
  }

  /** Judges receipts and mined rows by the blocks known now; at most one event a row. */
  private List<OutboxEvent> blocks() {
    var events = new ArrayList<OutboxEvent>();
    Set<String> touched = new HashSet<>();
    for (var receipt : Map.copyOf(view.receipts()).entrySet()) {
      receipt(receipt.getKey(), receipt.getValue(), touched).ifPresent(events::add);
    }
    for (OutboxRow row : lane.inOrder()) {
      if (row.isMined() && !touched.contains(row.id())) {
        standing(row).ifPresent(events::add);
      }
    }
    return events;
  }

  private Optional<OutboxEvent> receipt(String txHash, Reply.Receipt receipt, Set<String> touched) {
    var found = lane.byTransaction(txHash);
    var canonical = view.canonical(receipt.block().number());
    if (found.isPresent() && canonical.isEmpty()) {
      return Optional.empty();
    }
    view.receipts().remove(txHash);
    // A receipt from a block that is not in the chain says nothing, whoever hands it out.
    if (found.isEmpty()
        || !canonical.orElse("").equals(receipt.block().hash())
        || found.get().block().equals(receipt.block())
        || !touched.add(found.get().id())) {
      return Optional.empty();
    }
    var row = found.get();
    row.attempts().forEach(attempt -> view.trust(missingKey(attempt.txHash())));
    long number = receipt.block().number();
    return Optional.of(
        receipt.succeeded()
            ? new OutboxEvent.Mined(row.id(), txHash, number, receipt.block().hash())
            : new OutboxEvent.Reverted(row.id(), txHash, number));
  }

  private Optional<OutboxEvent> standing(OutboxRow row) {
    var canonical = view.canonical(row.block().number());
    if (canonical.isEmpty()) {
      return Optional.empty();
    }
    if (!canonical.get().equals(row.block().hash())) {
      return Optional.of(
          new OutboxEvent.Rewound(row.id(), "block %d changed".formatted(row.block().number())));
    }
    boolean safe = view.head().map(head -> row.block().number() <= head.safeNumber()).orElse(false);
    return row.state() == State.MINED && safe
        ? Optional.of(new OutboxEvent.Safe(row.id()))
        : Optional.empty();
  }

  /**
   * No receipt although the nonce is used up: after some heads, and for every attempt, it was
   * somebody else's.
   */
  private Optional<OutboxEvent> missing(String txHash) {
    view.receipts().remove(txHash);
    var found = lane.byTransaction(txHash).filter(OutboxRow::isInFlight);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var row = found.get();
    if (view.nonce() <= row.nonce()) {
      view.trust(missingKey(txHash));
      return Optional.empty();
    }
    view.suspect(missingKey(txHash));
    boolean allMissing =
        row.attempts().stream()
            .allMatch(a -> view.suspected(missingKey(a.txHash())) >= settings.patienceHeads());
    return allMissing
        ? Optional.of(new OutboxEvent.NonceTaken(row.id(), row.nonce()))
        : Optional.empty();
  }

  /** The chain waits for a nonce that no row has any more. */
  private Optional<OutboxEvent> gap() {
    boolean held = lane.rows().stream().anyMatch(row -> row.nonce() == view.nonce());
    if (view.nonce() >= lane.nextNonce() || held) {
      view.trust(GAP);
      return Optional.empty();
    }
    return view.suspect(GAP) >= settings.patienceHeads()
        ? Optional.of(new OutboxEvent.Renumbered("no row has nonce " + view.nonce()))
        : Optional.empty();
  }

  /** The last final block is not what it was. */
  private Optional<OutboxEvent> rollback(long number, String hash) {
    var last = lane.lastFinal();
    if (last == null || last.block().number() != number) {
      return Optional.empty();
    }
    if (last.block().hash().equals(hash)) {
      view.trust(ROLLBACK);
      view.confirmFinal();
      return Optional.empty();
    }
    return view.suspect(ROLLBACK) >= settings.patienceHeads()
        ? Optional.of(new OutboxEvent.RolledBack(number, hash))
        : Optional.empty();
  }

  private Optional<OutboxEvent> effect(Action.CheckEffect check, Effect effect) {
    var found = lane.find(check.id()).filter(row -> row.intent().equals(check.intent()));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var row = found.get();
    return switch (row.state()) {
      case PLANNED -> check.tag() == Tag.LATEST ? planned(row, effect) : Optional.empty();
      case SATISFIED -> satisfied(row, check.tag(), effect);
      case SAFE -> check.tag() == Tag.FINAL ? safe(row, effect) : Optional.empty();
      case SIGNED, SENT, MINED, CONFLICTED -> Optional.empty();
    };
  }

  private Optional<OutboxEvent> planned(OutboxRow row, Effect effect) {
    return switch (effect) {
      case Effect.Done(String detail) -> Optional.of(new OutboxEvent.Satisfied(row.id(), detail));
      case Effect.Absent(long logSize) -> {
        if (row.intent() instanceof Intent.Anchor anchor && anchor.fromSize() != logSize) {
          // An anchor before this one that is not final yet may still fill the gap: then wait for
          // it.
          yield logSize < anchor.fromSize() && isAnchorBefore(row)
              ? Optional.empty()
              : Optional.of(new OutboxEvent.AnchorShifted(row.id(), logSize));
        }
        view.clear(row.id());
        yield Optional.empty();
      }
      case Effect.Blocked(String reason) -> {
        boolean givenUp = view.block(row.id()) >= settings.abandonChecks() && mayAbandon(row);
        yield givenUp ? Optional.of(new OutboxEvent.Abandoned(row.id(), reason)) : Optional.empty();
      }
      case Effect.Conflict(String reason) -> {
        if (view.suspect("conflict " + row.id()) < settings.patienceHeads()) {
          yield Optional.empty();
        }
        yield Optional.of(
            mayAbandon(row)
                ? new OutboxEvent.Abandoned(row.id(), reason)
                : new OutboxEvent.Conflicted(row.id(), reason));
      }
    };
  }

  private boolean isAnchorBefore(OutboxRow row) {
    return lane.rows().stream()
        .anyMatch(
            other -> other.sequence() < row.sequence() && other.intent() instanceof Intent.Anchor);
  }

  private static boolean mayAbandon(OutboxRow row) {
    return switch (row.intent().kind()) {
      case WITHDRAW, REGISTER_NODE -> true;
      case ANCHOR, PUBLISH_ROOT, FUND -> false;
    };
  }

  private Optional<OutboxEvent> satisfied(OutboxRow row, Tag tag, Effect effect) {
    boolean done = effect instanceof Effect.Done;
    if (tag == Tag.FINAL) {
      return done && mayFinish()
          ? view.finalBlock().map(block -> finalized(row, block))
          : Optional.empty();
    }
    String gone = "unsatisfied " + row.id();
    if (done) {
      view.trust(gone);
      return Optional.empty();
    }
    return view.suspect(gone) >= settings.patienceHeads()
        ? Optional.of(new OutboxEvent.Unsatisfied(row.id()))
        : Optional.empty();
  }

  /**
   * Nothing becomes final while what was final is in doubt: the last final row stands for all
   * before it.
   */
  private boolean mayFinish() {
    return lane.lastFinal() == null || view.isFinalConfirmed();
  }

  private static OutboxEvent finalized(OutboxRow row, BlockRef block) {
    return new OutboxEvent.Finalized(row.id(), block.number(), block.hash());
  }

  /** A receipt alone does not end a row: the final state must show the effect. */
  private Optional<OutboxEvent> safe(OutboxRow row, Effect effect) {
    if (!isFinal(row, view) || !mayFinish()) {
      return Optional.empty();
    }
    String unseen = "no effect " + row.id();
    if (effect instanceof Effect.Done) {
      view.trust(unseen);
      return Optional.of(finalized(row, row.block()));
    }
    return view.suspect(unseen) >= settings.patienceHeads()
        ? Optional.of(new OutboxEvent.Rewound(row.id(), "a receipt, and no effect"))
        : Optional.empty();
  }

  static boolean isFinal(OutboxRow row, ChainView view) {
    return view.head().map(head -> row.block().number() <= head.finalNumber()).orElse(false)
        && view.canonical(row.block().number()).orElse("").equals(row.block().hash());
  }

  private Optional<OutboxEvent> signature(Action.Sign asked, Attempt attempt) {
    var found = lane.find(asked.id()).filter(row -> row.intent().equals(asked.intent()));
    return found.isPresent() && fits(found.get(), asked.nonce(), attempt)
        ? Optional.of(new OutboxEvent.Signed(asked.id(), asked.nonce(), attempt))
        : Optional.empty();
  }

  private boolean fits(OutboxRow row, long nonce, Attempt attempt) {
    return switch (row.state()) {
      case PLANNED -> view.isCleared(row.id()) && nonce == nextNonce(lane, view);
      case SIGNED, SENT ->
          nonce == row.nonce() && attempt.tipWeiPerGas() > row.attempts().getLast().tipWeiPerGas();
      case MINED, SAFE, SATISFIED, CONFLICTED -> false;
    };
  }

  /**
   * The nonce of the next row: above all that are used or held; −1 while the chain's count is not
   * known.
   */
  static long nextNonce(Lane lane, ChainView view) {
    if (view.nonce() < 0) {
      return -1;
    }
    long held = lane.rows().stream().mapToLong(OutboxRow::nonce).max().orElse(-1);
    return Math.max(Math.max(lane.nextNonce(), view.nonce()), held + 1);
  }

  private Optional<OutboxEvent> sent(Action.Send send, Reply.Sending outcome) {
    var found =
        lane.find(send.id())
            .filter(OutboxRow::isInFlight)
            .filter(row -> row.attempts().getLast().txHash().equals(send.txHash()));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (outcome == Reply.Sending.UNDERPRICED) {
      view.markUnderpriced(send.id());
      return Optional.empty();
    }
    // A nonce that is too low may be this very transaction's, mined before we knew that it was
    // sent.
    boolean mayBeThere = outcome != Reply.Sending.REFUSED;
    return mayBeThere && found.get().sentAtBlock() < 0
        ? Optional.of(new OutboxEvent.Sent(send.id(), view.headNumber()))
        : Optional.empty();
  }

  private static String missingKey(String txHash) {
    return "missing " + txHash;
  }

  private static List<OutboxEvent> one(Optional<OutboxEvent> event) {
    return event.map(List::of).orElse(List.of());
  }
}
