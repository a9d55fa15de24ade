package xyz.openledger.chainanchor.outbox;

import java.util.List;
import java.util.Optional;
import xyz.openledger.chainanchor.outbox.Reply.Effect;

/** What each observation means for the rows. */
final class Observing {
  private final Lane lane;
  private final ChainView view;
  private final BlockRules blocks;
  private final EffectRules effects;

  Observing(OutboxSettings settings, Lane lane, ChainView view) {
    this.lane = lane;
    this.view = view;
    this.blocks = new BlockRules(settings, lane, view);
    this.effects = new EffectRules(settings, lane, view);
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
        yield blocks.blocks();
      }
      case Observation.Answered(Action action, Reply reply) -> answered(action, reply);
    };
  }

  private List<OutboxEvent> answered(Action action, Reply reply) {
    // Signatures and sendings are facts at any time. What a node says of the chain is worth
    // something while the chain is the one it was asked about.
    boolean timeless = action instanceof Action.Sign || action instanceof Action.Send;
    if (!timeless && !view.isFresh(action.head())) {
      return List.of();
    }
    return switch (action) {
      case Action.Sign sign when reply instanceof Reply.Signature(Attempt attempt) ->
          one(signature(sign, attempt));
      case Action.Send send when reply instanceof Reply.Sending outcome -> one(sent(send, outcome));
      case Action.Send send when reply instanceof Reply.Refused(String reason) -> {
        sending(send).ifPresent(row -> view.stall(row.id(), reason));
        yield List.of();
      }
      case Action.CheckEffect check when reply instanceof Effect effect ->
          one(effects.effect(check, effect));
      case Action.AskNonce _ when reply instanceof Reply.Nonce(long nonce) -> {
        view.seeNonce(nonce);
        yield one(blocks.gap());
      }
      case Action.AskReceipt ask when reply instanceof Reply.Receipt receipt -> {
        view.keep(ask.txHash(), receipt);
        yield blocks.blocks();
      }
      case Action.AskReceipt ask when reply instanceof Reply.NoReceipt ->
          one(blocks.missing(ask.txHash()));
      case Action.AskBlock ask when reply instanceof Reply.Block(String hash) -> {
        view.seeBlock(ask.number(), hash);
        var rolledBack = blocks.rollback(ask.number(), hash);
        yield rolledBack.isPresent() ? List.of(rolledBack.get()) : blocks.blocks();
      }
      default -> throw new IllegalArgumentException(reply + " does not answer " + action);
    };
  }

  /** Adjusts beliefs to what was written down. */
  void follow(OutboxEvent event) {
    switch (event) {
      case OutboxEvent.Signed(String id, long _, Attempt _) -> {
        view.forget(id);
        view.unstall(id);
      }
      case OutboxEvent.AnchorShifted(String id, long _) -> view.forget(id);
      case OutboxEvent.NonceTaken(String id, long _) -> view.forget(id);
      case OutboxEvent.Reverted(String id, String txHash, long block) -> {
        view.forget(id);
        view.stall(id, "block %d refused its transaction %s".formatted(block, txHash));
        // A call that keeps being refused is tried less and less often.
        int reverts = lane.find(id).map(OutboxRow::reverts).orElse(0);
        view.waitFor(id, 1L << Math.min(reverts, 6));
      }
      case OutboxEvent.Conflicted(String id, String detail) -> view.stall(id, detail);
      case OutboxEvent.Mined mined -> view.unstall(mined.id());
      case OutboxEvent.Satisfied(String id, String _) -> view.unstall(id);
      case OutboxEvent.Finalized(String id, long _, String _) -> view.unstall(id);
      case OutboxEvent.Abandoned(String id, String _) -> view.unstall(id);
      case OutboxEvent.Renumbered _ -> view.forgetRows();
      case OutboxEvent.RolledBack _ -> view.forgetAll();
      default -> {
        // Nothing is believed of it that this changes.
      }
    }
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
          nonce == row.nonce() && attempt.tipWeiPerGas() > row.dearest().tipWeiPerGas();
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
    var found = sending(send);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (outcome == Reply.Sending.UNDERPRICED) {
      view.markUnderpriced(send.id());
      return Optional.empty();
    }
    // A nonce that is too low may be this very transaction's, mined before we knew that it was
    // sent.
    view.unstall(send.id());
    return found.get().sentAtBlock() < 0
        ? Optional.of(new OutboxEvent.Sent(send.id(), view.headNumber()))
        : Optional.empty();
  }

  /** The row whose last attempt that is. */
  private Optional<OutboxRow> sending(Action.Send send) {
    return lane.find(send.id())
        .filter(OutboxRow::isInFlight)
        .filter(row -> row.attempts().getLast().txHash().equals(send.txHash()));
  }

  private static List<OutboxEvent> one(Optional<OutboxEvent> event) {
    return event.map(List::of).orElse(List.of());
  }
}
