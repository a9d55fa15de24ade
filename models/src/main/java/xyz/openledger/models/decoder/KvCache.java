package xyz.openledger.models.decoder;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import xyz.openledger.models.config.ModelConfig;
import xyz.openledger.nativekernels.strict.StrictAttention;

/**
 * Keys and values of all sequences, in pages of equal size.
 *
 * <pre>
 *   layer 0: page 0 │ page 1 │ …   layer 1: page 0 │ …
 *            └ token 0: head 0, head 1, … │ token 1 …
 * </pre>
 */
public final class KvCache {
  /** Tokens of a page. */
  public static final int PAGE_TOKENS = 16;

  private final int width;
  private final int headSize;
  private final int pages;
  private final MemorySegment keys;
  private final MemorySegment values;

  /** Takes memory for so many pages. */
  public KvCache(ModelConfig config, int pages, Arena arena) {
    this.width = config.keyValueWidth();
    this.headSize = config.headSize();
    this.pages = pages;
    long bytes = pageBytes(config) / 2 * pages;
    this.keys = arena.allocate(bytes, Matrix.ALIGNMENT);
    this.values = arena.allocate(bytes, Matrix.ALIGNMENT);
  }

  /** What a page takes, over all layers. */
  public static long pageBytes(ModelConfig config) {
    return PAGE_TOKENS * tokenBytes(config);
  }

  /** What the keys and values of one token take. */
  public static long tokenBytes(ModelConfig config) {
    return 2L * config.layers() * config.keyValueWidth() * Float.BYTES;
  }

  /** How many pages there are. */
  public int pages() {
    return pages;
  }

  StrictAttention.Pages layer(int layer) {
    long layerBytes = (long) pages * PAGE_TOKENS * width * Float.BYTES;
    return new StrictAttention.Pages(
        keys.asSlice(layer * layerBytes, layerBytes),
        values.asSlice(layer * layerBytes, layerBytes),
        PAGE_TOKENS,
        (long) PAGE_TOKENS * width,
        width,
        headSize);
  }

  void store(int layer, int page, int entry, MemorySegment key, MemorySegment value, int row) {
    long rowBytes = (long) width * Float.BYTES;
    long at = (((long) layer * pages + page) * PAGE_TOKENS + entry) * rowBytes;
    MemorySegment.copy(key, row * rowBytes, keys, at, rowBytes);
    MemorySegment.copy(value, row * rowBytes, values, at, rowBytes);
  }
}
