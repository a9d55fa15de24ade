package xyz.openledger.chainanchor.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A {@link LogView} that forgets everything when it goes. Not thread-safe. */
public final class MemoryLogView implements LogView {
  private final NodeStore nodes = NodeStore.inMemory();
  private final LogTree tree = new LogTree(nodes);
  private final List<LogLeaf> leaves = new ArrayList<>();
  private final Map<String, Position> positions = new HashMap<>();
  private final TreeMap<Long, CheckpointNote> checkpoints = new TreeMap<>();
  private final TreeMap<Long, CheckpointNote> cosigned = new TreeMap<>();

  @Override
  public long size() {
    return leaves.size();
  }

  @Override
  public void apply(LogEvent event) {
    switch (event) {
      case LogEvent.LeavesAppended(long firstIndex, List<LogLeaf> fresh) -> {
        if (firstIndex > size()) {
          throw new IllegalStateException("leaves before " + firstIndex + " are missing");
        }
        fresh.stream().skip(size() - firstIndex).forEach(this::append);
      }
      case LogEvent.CheckpointSealed(long size, String _, String note) ->
          checkpoints.put(size, CheckpointNote.parse(note));
      case LogEvent.CheckpointCosigned(long size, String _, String note) ->
          cosigned.put(size, CheckpointNote.parse(note));
    }
  }

  private void append(LogLeaf leaf) {
    nodes.append(size(), leaf.hash());
    positions.put(leaf.key(), new Position(size(), leaf.leafHex()));
    leaves.add(leaf);
  }

  @Override
  public Optional<Position> find(String key) {
    return Optional.ofNullable(positions.get(key));
  }

  @Override
  public LogLeaf leaf(long index) {
    return leaves.get(Math.toIntExact(index));
  }

  @Override
  public Optional<CheckpointNote> checkpoint(long size) {
    return Optional.ofNullable(checkpoints.get(size));
  }

  @Override
  public Optional<CheckpointNote> checkpointFrom(long size) {
    return Optional.ofNullable(checkpoints.ceilingEntry(size)).map(Map.Entry::getValue);
  }

  @Override
  public Optional<CheckpointNote> lastCheckpoint() {
    return Optional.ofNullable(checkpoints.lastEntry()).map(Map.Entry::getValue);
  }

  @Override
  public Optional<CheckpointNote> cosignedFrom(long size) {
    return Optional.ofNullable(cosigned.ceilingEntry(size)).map(Map.Entry::getValue);
  }

  @Override
  public Optional<CheckpointNote> lastCosigned() {
    return Optional.ofNullable(cosigned.lastEntry()).map(Map.Entry::getValue);
  }

  @Override
  public LogTree tree() {
    return tree;
  }

  @Override
  public void close() {
    // Holds nothing that needs closing.
  }
}
