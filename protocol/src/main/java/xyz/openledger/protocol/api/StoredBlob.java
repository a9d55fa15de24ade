package xyz.openledger.protocol.api;

import xyz.openledger.protocol.Digest;

/** Bytes that a member keeps, by the SHA-256 of their content. */
@Answer
public record StoredBlob(Digest digest, long bytes) {}
