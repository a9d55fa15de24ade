package xyz.openledger.chainanchor.log;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * One receipt on its way into the log, or in it.
 *
 * @param key what the log is unique by, such as {@code job-…/result/0}
 * @param leafHex the leaf's bytes, hex
 * @param document the readable receipt in canonical JSON, whose SHA-256 stands in the leaf
 */
public record LogLeaf(String key, String leafHex, String document) {
  /** The most characters of a document. */
  public static final int DOCUMENT_LENGTH_MAX = 1 << 20;

  /** The most bytes of a leaf. */
  public static final int LEAF_BYTES_MAX = 4_096;

  private static final int KEY_LENGTH_MAX = 200;

  /** Checks the lengths. */
  public LogLeaf {
    if (key.isEmpty() || key.length() > KEY_LENGTH_MAX) {
      throw new IllegalArgumentException("a leaf's key has 1 to 200 characters: " + key);
    }
    if (leafHex.length() > 2 * LEAF_BYTES_MAX || document.length() > DOCUMENT_LENGTH_MAX) {
      throw new IllegalArgumentException("the leaf or the document of " + key + " is too long");
    }
  }

  /** The leaf that stands for a receipt. */
  public static LogLeaf of(Receipt receipt) {
    byte[] document = receipt.canonical();
    var leaf = receipt.leaf(Digest.of(document));
    return new LogLeaf(
        leaf.key(),
        HexFormat.of().formatHex(leaf.encode()),
        new String(document, StandardCharsets.UTF_8));
  }

  /** The leaf's bytes. */
  public byte[] leaf() {
    return HexFormat.of().parseHex(leafHex);
  }

  /** The leaf's hash in the tree. */
  public Digest hash() {
    return MerkleTree.leafHash(leaf());
  }
}
