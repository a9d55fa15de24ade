package xyz.openledger.pools;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.NodeId;

/**
 * One version of the nodes of a {@link Cell}. The version that was asked last has the cell; every
 * other says by which node it differs from the next, and takes the cell back when it is asked.
 *
 * <pre>
 *   before ── ada had 3 free ──▶ after ── bob was not there ──▶ latest ══ cell
 * </pre>
 *
 * So a change costs one row, and to look at an older version as many rows as were changed since.
 */
final class IndexedRoster implements Roster {
  private @Nullable Cell cell;
  private @Nullable IndexedRoster next;
  private @Nullable NodeId differs;

  /** What this version has in that place; null for no node. */
  private @Nullable Node has;

  IndexedRoster(Cell cell) {
    this.cell = cell;
  }

  /** The cell as this version sees it, until another version is asked. */
  Cell cell() {
    Cell mine = cell;
    if (mine != null) {
      return mine;
    }
    Deque<IndexedRoster> back = new ArrayDeque<>();
    IndexedRoster at = this;
    while (at.cell == null && at.next != null) {
      back.push(at);
      at = at.next;
    }
    Cell shared = at.cell;
    if (shared == null) {
      throw new IllegalStateException("no version has the cell");
    }
    IndexedRoster from = at;
    for (IndexedRoster to : back) {
      NodeId id = to.differs;
      if (id == null) {
        throw new IllegalStateException("a version that differs by nothing");
      }
      from.give(to, id, shared.find(id).orElse(null));
      shared.set(id, to.has);
      to.take(shared);
      from = to;
    }
    return shared;
  }

  private void give(IndexedRoster to, NodeId id, @Nullable Node mine) {
    cell = null;
    next = to;
    differs = id;
    has = mine;
  }

  private void take(Cell shared) {
    cell = shared;
    next = null;
    differs = null;
    has = null;
  }

  private Roster changed(NodeId id, @Nullable Node node) {
    Cell shared = cell();
    Node before = shared.find(id).orElse(null);
    if (before == null ? node == null : before.equals(node)) {
      return this;
    }
    var after = new IndexedRoster(shared);
    give(after, id, before);
    shared.set(id, node);
    return after;
  }

  @Override
  public Roster inClass(ResourceClass of) {
    Cell own = cell();
    Cell seen = own.inClass(of);
    return seen.equals(own) ? this : new IndexedRoster(seen);
  }

  @Override
  public Roster with(Node node) {
    return changed(node.id(), node);
  }

  @Override
  public Roster without(NodeId id) {
    return changed(id, null);
  }

  @Override
  public List<Node> nodes() {
    return cell().nodes();
  }

  @Override
  public int size() {
    return cell().size();
  }

  @Override
  public Optional<Node> find(NodeId id) {
    return cell().find(id);
  }

  @Override
  public int freeSlots() {
    return cell().freeSlots();
  }

  @Override
  public long slots() {
    return cell().slots();
  }

  @Override
  public long memoryBytes() {
    return cell().memoryBytes();
  }

  @Override
  public Set<String> spokenOf() {
    return cell().spokenOf();
  }

  @Override
  public Optional<Node> onlyFree() {
    return cell().onlyFree();
  }
}
