package xyz.openledger.chainanchor.log;

import java.util.Optional;
import xyz.openledger.protocol.Digest;

/**
 * The log for reading: leaves by key and index, tree nodes, checkpoint notes. Built from {@link
 * LogEvent}s, and can be built again from them at any time. Reads may come from any thread, {@link
 * #apply} from one.
 */
public interface LogView extends LeafIndex, AutoCloseable {

  /** How many leaves it has taken in. */
  long size();

  /**
   * Takes in what happened; what it has already is passed over, so that a journal may be replayed
   * from any point at or before its {@link #size}.
   *
   * @throws IllegalStateException if leaves are missing before these
   */
  void apply(LogEvent event);

  /**
   * The leaf at an index.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  LogLeaf leaf(long index);

  /** The note of the checkpoint of exactly that size, if one was sealed. */
  Optional<CheckpointNote> checkpoint(long size);

  /** The note of the first checkpoint of at least that size, if one was sealed. */
  Optional<CheckpointNote> checkpointFrom(long size);

  /** The note of the last checkpoint, if one was sealed. */
  Optional<CheckpointNote> lastCheckpoint();

  /** The note of the first checkpoint of at least that size that witnesses cosigned, if any. */
  Optional<CheckpointNote> cosignedFrom(long size);

  /** The note of the last checkpoint that witnesses cosigned, if any. */
  Optional<CheckpointNote> lastCosigned();

  /** Roots and proofs. */
  LogTree tree();

  /** The root of the first {@code size} leaves; empty if there are fewer. */
  default Optional<Digest> rootAt(long size) {
    return size <= size() ? Optional.of(tree().root(size)) : Optional.empty();
  }

  @Override
  void close();
}
