package xyz.openledger.chainanchor.receipts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.api.ReceiptLevel;
import xyz.openledger.protocol.json.Json;

/**
 * A receipt with its proofs, read strictly: the JSON that a member answers with as {@link
 * xyz.openledger.protocol.api.ReceiptProof}, where a field that is not known here would be one that
 * nobody checks.
 *
 * @param version of this format; 1
 * @param document the readable receipt
 * @param leaf what is in the log, lower-case hex
 * @param index of the leaf
 * @param size of the log at the checkpoint
 * @param inclusion RFC 9162 proof of the leaf in the checkpoint
 * @param checkpoint C2SP signed note
 * @param anchor the anchored checkpoint; absent if none covers the receipt yet
 * @param consistency RFC 9162 proof from the checkpoint to the anchored one
 */
record ReceiptBundle(
    int version,
    JsonNode document,
    String leaf,
    long index,
    long size,
    List<Digest> inclusion,
    String checkpoint,
    @Nullable AnchorClaim anchor,
    List<Digest> consistency) {
  /** The most bytes of a bundle. */
  static final int BYTES_MAX = 4 << 20;

  private static final int VERSION = 1;
  private static final int PROOF_LENGTH_MAX = 64;
  private static final int LEAF_LENGTH_MAX = 8_192;

  /** Where and how the bundle says that the checkpoint was anchored. */
  record AnchorClaim(
      long size,
      Digest root,
      ReceiptLevel level,
      @Nullable Long chainId,
      @Nullable String contract,
      @Nullable String transaction,
      @Nullable Long block) {
    AnchorClaim {
      Check.present("root", root);
      Check.present("level", level);
    }
  }

  ReceiptBundle {
    Check.range("version", version, VERSION, VERSION);
    Check.present("document", document);
    Check.text("leaf", leaf, LEAF_LENGTH_MAX);
    Check.size("inclusion", Check.present("inclusion", inclusion), 0, PROOF_LENGTH_MAX);
    Check.present("checkpoint", checkpoint);
    Check.size("consistency", Check.present("consistency", consistency), 0, PROOF_LENGTH_MAX);
    if (anchor == null && !consistency.isEmpty()) {
      throw Check.refusal("consistency", "leads nowhere without an anchor");
    }
  }

  static ReceiptBundle read(byte[] json) {
    if (json.length > BYTES_MAX) {
      throw Check.refusal("", "a bundle has at most " + BYTES_MAX + " bytes");
    }
    return Json.read(json, ReceiptBundle.class);
  }
}
