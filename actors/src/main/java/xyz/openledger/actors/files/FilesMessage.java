package xyz.openledger.actors.files;

import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.TenantId;

/** What {@link FilesEntity} is asked. */
public sealed interface FilesMessage extends MemberMessage {
  /** Keep this file; its content is stored. */
  record Keep(StoredFile file, ActorRef<Answer> replyTo) implements FilesMessage {}

  /** Keep a tenant's file no more. */
  record Delete(String file, TenantId tenant, ActorRef<Answer> replyTo) implements FilesMessage {}

  /** Begin this batch; a repeat of its id answers what it has become. */
  record Begin(StoredBatch batch, ActorRef<Answer> replyTo) implements FilesMessage {}

  /** A tenant wants no more of a batch. */
  record Cancel(String batch, TenantId tenant, ActorRef<Answer> replyTo) implements FilesMessage {}

  /** A batch is over. */
  record End(String batch, StoredBatch.End end, ActorRef<Answer> replyTo) implements FilesMessage {}

  /** Of what there are as many as there are. */
  int ALL = Integer.MAX_VALUE;

  /**
   * A tenant's files and batches, the newest first, as many as a message holds. Counted from the
   * oldest one, so that new ones do not shift the pages.
   *
   * @param filesLeft only so many, the oldest ones
   * @param batchesLeft only so many, the oldest ones
   */
  record Show(TenantId tenant, int filesLeft, int batchesLeft, ActorRef<Shown> replyTo)
      implements FilesMessage {}

  /** The batches that go on, of everyone, in the same way. */
  record ShowGoing(int batchesLeft, ActorRef<Shown> replyTo) implements FilesMessage {}

  /** Done, or why not. */
  record Answer(
      @Nullable Problem problem,
      String field,
      String detail,
      @Nullable StoredFile file,
      @Nullable StoredBatch batch)
      implements MemberMessage {}

  /**
   * What there is.
   *
   * @param filesLeft older ones that did not fit
   * @param batchesLeft older ones that did not fit
   */
  record Shown(List<StoredFile> files, List<StoredBatch> batches, int filesLeft, int batchesLeft)
      implements MemberMessage {
    /** All of it. */
    public Shown(List<StoredFile> files, List<StoredBatch> batches) {
      this(files, batches, 0, 0);
    }

    /** With what an earlier page says. */
    public Shown after(Shown newer) {
      return new Shown(
          Stream.concat(newer.files().stream(), files.stream()).toList(),
          Stream.concat(newer.batches().stream(), batches.stream()).toList(),
          filesLeft,
          batchesLeft);
    }

    /** Whether this is all. */
    public boolean isAll() {
      return filesLeft == 0 && batchesLeft == 0;
    }
  }
}
