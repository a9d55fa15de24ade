package xyz.openledger.protocol.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.JobId;

/**
 * A job's receipt.
 *
 * @param document the readable half; its RFC 8785 form is what is hashed
 * @param leaf the half that is in the log, hex
 * @param index of the leaf
 * @param firstIndex that of the leaf of what was answered before it was verified; absent if nothing
 *     was
 */
@Answer
public record ReceiptView(
    JobId job,
    JsonNode document,
    String leaf,
    long index,
    ReceiptLevel level,
    @Nullable Long firstIndex) {}
