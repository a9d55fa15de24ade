package xyz.openledger.chainanchor.receipts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;

/**
 * What comes with a receipt. Nothing in it is trusted.
 *
 * @param document the readable half
 * @param leafHex the half that is in the log
 * @param index of the leaf
 * @param inclusion RFC 9162 proof of the leaf under the checkpoint
 * @param note the checkpoint, as a C2SP signed note
 * @param anchoredSize size of the log at the anchored checkpoint; null if none is named
 * @param consistency RFC 9162 proof from the checkpoint to the anchored one
 */
public record Bundle(
    JsonNode document,
    String leafHex,
    long index,
    List<Digest> inclusion,
    String note,
    @Nullable Long anchoredSize,
    List<Digest> consistency) {}
