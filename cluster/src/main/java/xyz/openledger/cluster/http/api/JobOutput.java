package xyz.openledger.cluster.http.api;

import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;

/**
 * The accepted output of one task.
 *
 * @param content the bytes; absent if they lie in the blob store under {@code digest}
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over, not compared; outputs are not copied.
public record JobOutput(Digest digest, byte @Nullable [] content) {}
