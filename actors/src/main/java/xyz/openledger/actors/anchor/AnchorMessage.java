package xyz.openledger.actors.anchor;

import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.chainanchor.outbox.Action;
import xyz.openledger.chainanchor.outbox.AnchorCost;
import xyz.openledger.chainanchor.outbox.AnchorProgress;
import xyz.openledger.chainanchor.outbox.Intent;
import xyz.openledger.chainanchor.outbox.Observation;
import xyz.openledger.chainanchor.outbox.OutboxRow;

/** What an {@link Anchorer} is told and asked. */
public sealed interface AnchorMessage extends MemberMessage {

  /** Bring this about on the chain. A repeat changes nothing. */
  record Plan(String id, Intent intent) implements AnchorMessage {}

  /** The chain shall know the log up to this size. */
  record PlanAnchor(long size, String rootHex) implements AnchorMessage {}

  /** Give a payout epoch up that the chain contradicts. A repeat changes nothing. */
  record Retire(String id) implements AnchorMessage {}

  /** Tell how far a call is. */
  record ShowRow(String id, ActorRef<RowReply> replyTo) implements AnchorMessage {}

  /**
   * How far a call is.
   *
   * @param row null if it was never planned, or was given up, or finished long ago
   * @param abandoned why it was given up, a withdrawal for ever; null if it was not
   */
  record RowReply(String id, @Nullable OutboxRow row, boolean isFinal, @Nullable String abandoned)
      implements MemberMessage {}

  /** Tell how all is. */
  record Show(ActorRef<Standing> replyTo) implements AnchorMessage {}

  /**
   * How all is.
   *
   * @param head the chain's last block that was seen, or null while it is away
   * @param rows on their way
   * @param finals the last rows that are final, oldest first
   * @param stalls why rows get no further, by their ids
   */
  record Standing(
      Observation.@Nullable HeadSeen head,
      boolean reachable,
      AnchorProgress progress,
      AnchorCost cost,
      List<OutboxRow> rows,
      List<OutboxRow> finals,
      Map<String, String> stalls)
      implements MemberMessage {}

  /** The chain was polled. */
  record Polled(List<Observation> observations, @Nullable String failure)
      implements AnchorMessage {}

  /** An action was carried out, or not. */
  record CarriedOut(Action action, @Nullable Observation observation, @Nullable String failure)
      implements AnchorMessage {}

  /** Look again. */
  enum Tick implements AnchorMessage {
    INSTANCE
  }
}
