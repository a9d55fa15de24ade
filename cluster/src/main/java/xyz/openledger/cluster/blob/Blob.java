package xyz.openledger.cluster.blob;

import xyz.openledger.protocol.Digest;

/** A stored blob: what it is called and how long it is. */
public record Blob(Digest digest, long bytes) {}
