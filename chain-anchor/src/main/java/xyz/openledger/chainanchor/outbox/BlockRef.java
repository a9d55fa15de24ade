package xyz.openledger.chainanchor.outbox;

/** A block by number and hash. */
public record BlockRef(long number, String hash) {
  /** No block. */
  public static final BlockRef NONE = new BlockRef(-1, "");
}
