package xyz.openledger.actors.models;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TenantId;

/** What {@link CatalogueEntity} is asked. */
public sealed interface CatalogueMessage extends MemberMessage {
  /** The most models of one message. */
  int BATCH_MAX = 256;

  /**
   * Serve these from now on, all or none.
   *
   * @param models 1 to {@value #BATCH_MAX}; one that is served so already changes nothing
   */
  record Publish(List<ServedModel> models, ActorRef<Answer> replyTo) implements CatalogueMessage {}

  /**
   * Serve a name no more.
   *
   * @param tenant who asks; null for whoever may withdraw everything
   */
  record Withdraw(String name, @Nullable TenantId tenant, ActorRef<Answer> replyTo)
      implements CatalogueMessage {}

  /** Tell what has changed after a revision, the oldest first, up to {@value #BATCH_MAX} names. */
  record Since(long revision, ActorRef<Changes> replyTo) implements CatalogueMessage {}

  /** Done, or why not. */
  record Answer(@Nullable Problem problem, String field, String detail, long revision)
      implements MemberMessage {}

  /** Names that changed. */
  record Changes(List<Change> changes, long revision) implements MemberMessage {}

  /** What a name is now: served by this model, or withdrawn if absent. */
  record Change(String name, @Nullable ServedModel model, long revision) implements MemberMessage {}
}
