package xyz.openledger.chainanchor.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.keys.Ed25519Key;

/**
 * The sequencer of the log: gives each leaf key one index, once, and seals checkpoints. Its state
 * is the tree's peaks and the last sealed size; everything else is in a {@link LogView}, which is
 * rebuilt from the same events.
 *
 * <p>{@link #append} and {@link #seal} change nothing; the caller writes their events down, then
 * applies them here and to the view, and only then answers.
 *
 * <p>Not thread-safe.
 */
public final class ReceiptLog {
  /** The most leaves in one batch. */
  public static final int BATCH_MAX = 4_096;

  private final String origin;
  private CompactRange range;
  private long sealedSize;

  /** A log without leaves. */
  public ReceiptLog(String origin) {
    this(origin, CompactRange.EMPTY, 0);
  }

  /** A log as it was: what {@link #range} and {@link #sealedSize} answered. */
  public ReceiptLog(String origin, CompactRange range, long sealedSize) {
    this.origin = origin;
    this.range = range;
    this.sealedSize = sealedSize;
  }

  /**
   * Where the leaves will stand.
   *
   * @param index what the log has, all applied events included
   * @throws IllegalArgumentException for more than {@link #BATCH_MAX} leaves
   */
  public Appending append(List<LogLeaf> leaves, LeafIndex index) {
    if (leaves.size() > BATCH_MAX) {
      throw new IllegalArgumentException("a batch has at most " + BATCH_MAX + " leaves");
    }
    var placements = new ArrayList<Appending.Placement>(leaves.size());
    var fresh = new ArrayList<LogLeaf>();
    Map<String, LeafIndex.Position> batch = new HashMap<>();
    for (LogLeaf leaf : leaves) {
      var position =
          Optional.ofNullable(batch.get(leaf.key())).or(() -> index.find(leaf.key())).orElse(null);
      if (position == null) {
        position = new LeafIndex.Position(range.size() + fresh.size(), leaf.leafHex());
        batch.put(leaf.key(), position);
        fresh.add(leaf);
      }
      placements.add(
          position.leafHex().equals(leaf.leafHex())
              ? new Appending.Placement.At(position.index())
              : new Appending.Placement.Conflicting(position.index()));
    }
    return new Appending(
        placements,
        fresh.isEmpty()
            ? Optional.empty()
            : Optional.of(new LogEvent.LeavesAppended(range.size(), fresh)));
  }

  /** A signed checkpoint over all leaves; empty if the last one covers them. */
  public Optional<LogEvent.CheckpointSealed> seal(Ed25519Key key) {
    if (range.size() == sealedSize) {
      return Optional.empty();
    }
    Digest root = range.root();
    var note = CheckpointNote.sign(new Checkpoint(origin, range.size(), root), key);
    return Optional.of(new LogEvent.CheckpointSealed(range.size(), root.hex(), note.text()));
  }

  /**
   * Takes in what happened.
   *
   * @throws IllegalStateException if it cannot follow
   */
  public void apply(LogEvent event) {
    switch (event) {
      case LogEvent.LeavesAppended(long firstIndex, List<LogLeaf> leaves) -> {
        if (firstIndex != range.size()) {
          throw new IllegalStateException(
              "leaves at %d cannot follow a log of %d".formatted(firstIndex, range.size()));
        }
        range = range.with(leaves.stream().map(LogLeaf::hash).toList());
      }
      case LogEvent.CheckpointSealed(long size, String rootHex, String _) -> {
        if (size != range.size() || !range.root().hex().equals(rootHex)) {
          throw new IllegalStateException(
              "the checkpoint of size %d is not of this log of %d".formatted(size, range.size()));
        }
        sealedSize = size;
      }
      case LogEvent.CheckpointCosigned(long size, String _, String _) -> {
        if (size > sealedSize) {
          throw new IllegalStateException("no checkpoint of size %d was sealed".formatted(size));
        }
      }
    }
  }

  /** How many leaves there are. */
  public long size() {
    return range.size();
  }

  /** The size of the last checkpoint. */
  public long sealedSize() {
    return sealedSize;
  }

  /** The peaks, for storing. */
  public CompactRange range() {
    return range;
  }
}
