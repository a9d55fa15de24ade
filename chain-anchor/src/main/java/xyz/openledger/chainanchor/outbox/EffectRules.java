package xyz.openledger.chainanchor.outbox;

import java.util.Optional;
import xyz.openledger.chainanchor.outbox.Action.Tag;
import xyz.openledger.chainanchor.outbox.Reply.Effect;

/**
 * What it means that an effect is on the chain, or is not: which row is done, may be signed, or
 * never will be.
 */
record EffectRules(OutboxSettings settings, Lane lane, ChainView view) {

  Optional<OutboxEvent> effect(Action.CheckEffect check, Effect effect) {
    var found = lane.find(check.id()).filter(row -> row.intent().equals(check.intent()));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var row = found.get();
    return switch (row.state()) {
      case PLANNED -> check.tag() == Tag.LATEST ? planned(row, effect) : Optional.empty();
      case SATISFIED -> satisfied(row, check.tag(), effect);
      case SAFE -> check.tag() == Tag.FINAL ? safe(row, effect) : Optional.empty();
      case CONFLICTED -> check.tag() == Tag.FINAL ? settled(row, effect) : Optional.empty();
      case SIGNED, SENT, MINED -> Optional.empty();
    };
  }

  private Optional<OutboxEvent> planned(OutboxRow row, Effect effect) {
    return switch (effect) {
      case Effect.Done(String detail) -> Optional.of(new OutboxEvent.Satisfied(row.id(), detail));
      case Effect.Pending(String detail) ->
          Optional.of(new OutboxEvent.Satisfied(row.id(), detail));
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
        boolean givenUp = view.block(row.id()) >= checks(row) && mayAbandon(row);
        view.stall(row.id(), reason);
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

  /** Others wait behind one voucher that spoils a batch; they are brought anew without it. */
  private int checks(OutboxRow row) {
    return row.intent() instanceof Intent.SettleVouchers ? 1 : settings.abandonChecks();
  }

  private static boolean mayAbandon(OutboxRow row) {
    return switch (row.intent().kind()) {
      case WITHDRAW, REGISTER_NODE, SETTLE_VOUCHERS -> true;
      case ANCHOR, PUBLISH_ROOT, FUND -> false;
    };
  }

  private Optional<OutboxEvent> satisfied(OutboxRow row, Tag tag, Effect effect) {
    boolean done = effect instanceof Effect.Done;
    if (tag == Tag.FINAL) {
      return effect instanceof Effect.Conflict(String reason)
          ? contradicted(row, reason)
          : settled(row, effect);
    }
    String gone = "unsatisfied " + row.id();
    // Only what is final takes an effect back for good.
    if (done || effect instanceof Effect.Pending || effect instanceof Effect.Conflict) {
      view.trust(gone);
      return Optional.empty();
    }
    return view.suspect(gone) >= settings.patienceHeads()
        ? Optional.of(new OutboxEvent.Unsatisfied(row.id()))
        : Optional.empty();
  }

  /** Its effect is final, by whichever transaction. */
  private Optional<OutboxEvent> settled(OutboxRow row, Effect effect) {
    return effect instanceof Effect.Done && mayFinish()
        ? view.finalBlock().map(block -> finalized(row, block))
        : Optional.empty();
  }

  /** The final chain took its effect back: to send it again would be against somebody's word. */
  private Optional<OutboxEvent> contradicted(OutboxRow row, String reason) {
    return view.suspect("contradicted " + row.id()) >= settings.patienceHeads()
        ? Optional.of(new OutboxEvent.Conflicted(row.id(), reason))
        : Optional.empty();
  }

  /** A receipt alone does not end a row: the final state must show the effect. */
  private Optional<OutboxEvent> safe(OutboxRow row, Effect effect) {
    if (!isFinal(row) || !mayFinish()) {
      return Optional.empty();
    }
    String unseen = "no effect " + row.id();
    if (effect instanceof Effect.Done) {
      view.trust(unseen);
      return Optional.of(finalized(row, row.block()));
    }
    if (effect instanceof Effect.Pending) {
      view.trust(unseen);
      return Optional.empty();
    }
    if (effect instanceof Effect.Conflict(String reason)) {
      return contradicted(row, reason);
    }
    return view.suspect(unseen) >= settings.patienceHeads()
        ? Optional.of(new OutboxEvent.Rewound(row.id(), "a receipt, and no effect"))
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

  private boolean isFinal(OutboxRow row) {
    return view.head().map(head -> row.block().number() <= head.finalNumber()).orElse(false)
        && view.canonical(row.block().number()).orElse("").equals(row.block().hash());
  }
}
