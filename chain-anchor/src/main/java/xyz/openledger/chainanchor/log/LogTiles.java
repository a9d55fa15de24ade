package xyz.openledger.chainanchor.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import xyz.openledger.protocol.Digest;

/**
 * The log as files that never change, in the layout of C2SP tlog-tiles: from the checkpoint and the
 * tiles anyone recomputes the root and every proof, without asking for anything about one receipt.
 *
 * <p>Nothing is handed out that the last checkpoint does not cover.
 */
public final class LogTiles {
  private final LogView log;

  /** The tiles of a log. */
  public LogTiles(LogView log) {
    this.log = log;
  }

  /** The last checkpoint, with the cosignatures of witnesses once there are enough. */
  public Optional<CheckpointNote> checkpoint() {
    var last = log.lastCheckpoint();
    return log.lastCosigned()
        .filter(note -> last.isPresent() && note.checkpoint().equals(last.get().checkpoint()))
        .or(() -> last);
  }

  /** The bytes of a tile; empty if the checkpoint does not cover all of it. */
  public Optional<byte[]> read(TilePath path) {
    long size = log.lastCheckpoint().map(note -> note.checkpoint().size()).orElse(0L);
    int shift = Math.max(0, path.level()) * TilePath.HEIGHT;
    long from = path.index() * TilePath.WIDTH;
    long end = from + path.width();
    if (end > size >>> shift) {
      return Optional.empty();
    }
    return Optional.of(
        path.level() == TilePath.ENTRIES ? entries(from, end) : hashes(shift, from, end));
  }

  private byte[] hashes(int level, long from, long end) {
    var bytes = ByteBuffer.allocate((int) (end - from) * Digest.BYTES);
    for (long node = from; node < end; node++) {
      bytes.put(log.tree().nodes().get(level, node).bytes());
    }
    return bytes.array();
  }

  /** Each leaf after its length in two bytes. */
  private byte[] entries(long from, long end) {
    var bytes = new ByteArrayOutputStream();
    for (long index = from; index < end; index++) {
      byte[] leaf = log.leaf(index).leaf();
      bytes.write(leaf.length >>> Byte.SIZE);
      bytes.write(leaf.length);
      bytes.writeBytes(leaf);
    }
    return bytes.toByteArray();
  }
}
