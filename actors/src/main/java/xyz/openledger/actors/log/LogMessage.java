package xyz.openledger.actors.log;

import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.chainanchor.log.LogEvent;
import xyz.openledger.chainanchor.log.LogLeaf;

/** What {@link ReceiptLogEntity} is told and asked. */
public sealed interface LogMessage extends MemberMessage {

  /** Give this leaf its place. A repeat gets the same place. */
  record Append(LogLeaf leaf, ActorRef<Appended> replyTo) implements LogMessage {}

  /**
   * The leaf's place, durable.
   *
   * @param conflicting whether another leaf has that key, at that place
   */
  record Appended(String key, long index, boolean conflicting) implements MemberMessage {}

  /** Sign a checkpoint over everything appended so far. */
  record Seal(ActorRef<Sealed> replyTo) implements LogMessage {}

  /** Witnesses cosigned this checkpoint: keep their signatures. */
  record KeepCosigned(LogEvent.CheckpointCosigned cosigned, ActorRef<Cosigned> replyTo)
      implements LogMessage {}

  /** A checkpoint with its cosignatures, durable. */
  record Cosigned(LogEvent.CheckpointCosigned cosigned) implements MemberMessage {}

  /** The last checkpoint, durable; null for an empty log. */
  record Sealed(LogEvent.@Nullable CheckpointSealed checkpoint) implements MemberMessage {}
}
