package xyz.openledger.actors.journal;

import org.jspecify.annotations.Nullable;

/**
 * An event as it was read back, its checksum verified.
 *
 * @param offset its place in the order of all events of the store, from 1
 * @param persistenceNumber the store's short name for the persistence id
 * @param previousSequenceNumber the one before it of the same persistence id; 0 for the first
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record StoredEvent(
    long offset,
    String persistenceId,
    long persistenceNumber,
    long sequenceNumber,
    long previousSequenceNumber,
    long timestampMillis,
    String adapterManifest,
    String writerUuid,
    long[] tagNumbers,
    Serialized event,
    @Nullable Serialized metadata) {}
