package xyz.openledger.protocol.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;

/**
 * All that offline verification of a receipt needs, but what it is verified against.
 *
 * @param version of this format; 1
 * @param document the readable half
 * @param leaf the half that is in the log, hex
 * @param size of the log at the checkpoint
 * @param inclusion RFC 9162 proof of the leaf in the checkpoint
 * @param checkpoint C2SP signed note
 * @param anchor the anchored checkpoint; absent if none covers the receipt yet
 * @param consistency RFC 9162 proof from the checkpoint to the anchored one
 */
@Answer
public record ReceiptProof(
    int version,
    JsonNode document,
    String leaf,
    long index,
    long size,
    List<Digest> inclusion,
    String checkpoint,
    @Nullable Anchor anchor,
    List<Digest> consistency) {}
