package xyz.openledger.actors.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way into the store.
 *
 * @param adapterManifest what an event adapter needs to read it back; may be empty
 * @param writerUuid the incarnation of the actor that wrote it; may be empty
 * @param metadata what replication attached to it
 */
record NewEvent(
    long sequenceNumber,
    long timestampMillis,
    String adapterManifest,
    String writerUuid,
    List<String> tags,
    Serialized event,
    @Nullable Serialized metadata) {
  /** Tags of one event; each costs an index entry. */
  static final int TAGS_MAX = 64;

  NewEvent {
    Serialized.requireShort("adapter manifest", adapterManifest);
    Serialized.requireShort("writer", writerUuid);
    if (tags.size() > TAGS_MAX) {
      throw new JournalException.Refused(
          "an event has %d tags, at most %d are kept".formatted(tags.size(), TAGS_MAX));
    }
    tags.forEach(tag -> Names.require(Names.Kind.TAG, tag));
  }

  /** What a record holds beside the event itself, about. */
  private static final int HEAD_BYTES = 128;

  /** Bytes that count against the bounds of queue and commit. */
  int bytes() {
    return HEAD_BYTES + event.bytes().length + (metadata == null ? 0 : metadata.bytes().length);
  }
}
