package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.index.NodeIndex;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;

/**
 * The nodes of a pool as they stand, changed in place: their index, their order by id, who owns
 * which, the sums, and how they stand with what was asked lately. Meant for {@link
 * NodeIndex#CELL_NODES_MAX} nodes; more work, but slower than a cell should.
 */
final class Cell {
  private static final int NODES_MAX = 1 << 20;

  /** Rows of all classes that are kept, two bytes each. */
  private static final int STANDINGS_ROWS_MAX = 1 << 24;

  private static final int STANDINGS_MIN = 16;
  private static final int STANDINGS_MAX = 1_024;

  private final NodeIndex index = new NodeIndex(NODES_MAX);
  private final BitSet accepting = new BitSet();
  private final Map<Address, Rows> byOwner = new HashMap<>();
  private final Map<Request, Standings> standings =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Request, Standings> eldest) {
          return size() > standingsMax();
        }
      };
  private final Map<OwnTerms, Integer> terms = new HashMap<>();
  private final Order order = new Order();
  private final RowChanges changes = new RowChanges();
  private @Nullable List<Node> nodes;
  private int freeSlots;
  private long slots;
  private long memoryBytes;

  /** Rows of one owner, in no order. */
  private static final class Rows {
    int[] rows = new int[1];
    int size;

    void add(int row) {
      if (size == rows.length) {
        rows = Arrays.copyOf(rows, 2 * size);
      }
      rows[size++] = row;
    }

    void remove(int row) {
      for (int i = 0; i < size; i++) {
        if (rows[i] == row) {
          rows[i] = rows[--size];
          return;
        }
      }
    }
  }

  private int standingsMax() {
    return Math.clamp(STANDINGS_ROWS_MAX / Math.max(1, size()), STANDINGS_MIN, STANDINGS_MAX);
  }

  /** Puts a node in its place, or, if null, takes it away. */
  void set(NodeId id, @Nullable Node node) {
    if (node == null) {
      remove(id);
    } else {
      put(node);
    }
  }

  void put(Node node) {
    Node before = find(node.id()).orElse(null);
    index.put(node);
    int row = row(node.id()).orElseThrow();
    accepting.set(row, node.accepting());
    if (before == null) {
      order.add(node.id(), row);
      byOwner.computeIfAbsent(node.owner(), _ -> new Rows()).add(row);
      changes.add(row, RowChanges.Extent.OFFER);
    } else {
      changes.add(row, RowChanges.between(before, node));
      count(before, -1);
      if (!before.owner().equals(node.owner())) {
        disown(before.owner(), row);
        byOwner.computeIfAbsent(node.owner(), _ -> new Rows()).add(row);
      }
    }
    count(node, 1);
    nodes = null;
  }

  private void remove(NodeId id) {
    OptionalInt row = row(id);
    if (row.isPresent()) {
      Node before = index.node(row.getAsInt());
      count(before, -1);
      disown(before.owner(), row.getAsInt());
      order.remove(id);
      accepting.clear(row.getAsInt());
      index.remove(id);
      changes.add(row.getAsInt(), RowChanges.Extent.OFFER);
      nodes = null;
    }
  }

  private void disown(Address owner, int row) {
    byOwner.computeIfPresent(
        owner,
        (_, rows) -> {
          rows.remove(row);
          return rows.size == 0 ? null : rows;
        });
  }

  private void count(Node node, int sign) {
    freeSlots += sign * node.offeredSlots();
    slots += (long) sign * node.slots();
    memoryBytes += sign * memoryBytes(node);
    if (!node.terms().equals(OwnTerms.NONE)) {
      terms.merge(node.terms(), sign, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  static long memoryBytes(Node node) {
    return node.slots() * node.memoryMaxBytesPerSlot();
  }

  /** How the nodes stand with what {@code request} asks, those that it excludes not excluded. */
  Standings standings(Request request) {
    Request kind = request.kind();
    Standings known = standings.get(kind);
    if (known == null) {
      known = new Standings(this, kind);
      standings.put(kind, known);
    }
    known.catchUp();
    return known;
  }

  NodeIndex index() {
    return index;
  }

  RowChanges changes() {
    return changes;
  }

  /** The rows whose nodes take work. */
  BitSet accepting() {
    return accepting;
  }

  /** The rows of an owner. */
  int[] rows(Address owner) {
    Rows rows = byOwner.get(owner);
    return rows == null ? new int[0] : Arrays.copyOf(rows.rows, rows.size);
  }

  OptionalInt row(NodeId id) {
    return index.row(id);
  }

  /** The place of each row in the order of ids. */
  Order order() {
    return order;
  }

  Optional<Node> find(NodeId id) {
    return index.find(id);
  }

  List<Node> nodes() {
    List<Node> known = nodes;
    if (known == null) {
      var listed = new ArrayList<Node>(size());
      for (int place = 0; place < order.size(); place++) {
        listed.add(index.node(order.row(place)));
      }
      known = List.copyOf(listed);
      nodes = known;
    }
    return known;
  }

  int size() {
    return index.size();
  }

  Set<OwnTerms> terms() {
    return Set.copyOf(terms.keySet());
  }

  int freeSlots() {
    return freeSlots;
  }

  long slots() {
    return slots;
  }

  long memoryBytes() {
    return memoryBytes;
  }
}
