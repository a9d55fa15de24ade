package xyz.openledger.chainanchor.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.merkle.MerkleTree;

/**
 * A log's tree as its published tiles tell it: what a witness or a monitor needs to recompute roots
 * and proofs by itself. Nothing of it is believed: a wrong tile gives a wrong root.
 */
public final class TiledNodes implements NodeSource {
  private static final int TILES_MAX = 256;

  private final long size;
  private final Source source;
  private final Map<TilePath, byte[]> tiles =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TilePath, byte[]> eldest) {
          return size() > TILES_MAX;
        }
      };

  /** Where tiles are from. */
  @FunctionalInterface
  public interface Source {
    /** The bytes of a tile. */
    byte[] read(TilePath path) throws IOException;
  }

  /**
   * The tree of a log of that size.
   *
   * @param size of the checkpoint in hand: no wider tile is asked for
   */
  public TiledNodes(long size, Source source) {
    this.size = size;
    this.source = source;
  }

  /**
   * The hash of a full subtree.
   *
   * @throws UncheckedIOException if a tile cannot be read, or is not as long as it must be
   */
  @Override
  public Digest get(int level, long index) {
    int tileLevel = level / TilePath.HEIGHT;
    int above = level % TilePath.HEIGHT;
    if (above > 0) {
      return MerkleTree.nodeHash(get(level - 1, 2 * index), get(level - 1, 2 * index + 1));
    }
    long tile = index / TilePath.WIDTH;
    long last = (size >>> level) - tile * TilePath.WIDTH;
    var path = new TilePath(tileLevel, tile, (int) Math.min(TilePath.WIDTH, last));
    int at = (int) (index % TilePath.WIDTH) * Digest.BYTES;
    return Digest.wrap(Arrays.copyOfRange(tile(path), at, at + Digest.BYTES));
  }

  private byte[] tile(TilePath path) {
    byte[] known = tiles.get(path);
    if (known == null) {
      try {
        known = source.read(path);
        if (known.length != path.width() * Digest.BYTES) {
          throw new IOException("the tile " + path.text() + " has " + known.length + " bytes");
        }
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
      tiles.put(path, known);
    }
    return known;
  }
}
