package xyz.openledger.chainanchor.log;

import java.util.List;

/** What happened to the log. */
public sealed interface LogEvent {

  /** These leaves follow those before, the first at {@code firstIndex}. */
  record LeavesAppended(long firstIndex, List<LogLeaf> leaves) implements LogEvent {
    /** Keeps its own copy. */
    public LeavesAppended {
      leaves = List.copyOf(leaves);
    }
  }

  /**
   * The log signed a checkpoint.
   *
   * @param rootHex 64 hex digits
   * @param note {@link CheckpointNote#text}
   */
  record CheckpointSealed(long size, String rootHex, String note) implements LogEvent {}

  /**
   * As many witnesses as are asked for cosigned a checkpoint.
   *
   * @param note the same checkpoint, with their signatures
   */
  record CheckpointCosigned(long size, String rootHex, String note) implements LogEvent {}
}
