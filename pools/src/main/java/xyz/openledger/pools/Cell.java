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
import xyz.openledger.pools.market.ResourceClass;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.session.ClassPrices;

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

  /** Kinds that are new, each with its filters compiled. */
  private static final int SAMPLED_MAX = 256;

  private final NodeIndex index = new NodeIndex(NODES_MAX);
  private final BitSet accepting = new BitSet();

  /** The rows that would take a lease now. */
  private final BitSet free = new BitSet();

  /** How many nodes have terms of their own; and how many of them speak of which fact of jobs. */
  private int choosy;

  private final Map<String, Integer> spokenOf = new HashMap<>();
  private final Map<Address, Rows> byOwner = new HashMap<>();
  private final Map<Request, Standings> standings =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Request, Standings> eldest) {
          return size() > standingsMax();
        }
      };
  private final Map<Request, Sampled> sampled =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Request, Sampled> eldest) {
          return size() > SAMPLED_MAX;
        }
      };

  /** Of each class of work, how many nodes name a price for it. */
  private final Map<String, Integer> priced = new HashMap<>();

  /** The same nodes at what they ask for a class, of those classes that were asked for. */
  private final Map<ResourceClass, Cell> classes = new HashMap<>();

  private final Popularity popularity = new Popularity();
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
    free.set(row, node.offeredSlots() > 0);
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
    if (before == null || !before.traits().equals(node.traits())) {
      if (before != null) {
        price(before, -1);
      }
      price(node, 1);
    }
    count(node, 1);
    nodes = null;
    classes.forEach((of, cell) -> cell.put(of.seen(node)));
  }

  /** The same nodes as work of that class sees them; this one where none names a price for it. */
  Cell inClass(ResourceClass of) {
    if (!priced.containsKey(of.name())) {
      classes.remove(of);
      return this;
    }
    Cell known = classes.get(of);
    if (known == null) {
      known = new Cell();
      for (Node node : nodes()) {
        known.put(of.seen(node));
      }
      classes.put(of, known);
    }
    return known;
  }

  private void price(Node node, int sign) {
    ClassPrices.of(node.traits().labels())
        .forEach(
            (of, _) ->
                priced.merge(of, sign, (one, other) -> one + other == 0 ? null : one + other));
  }

  private void remove(NodeId id) {
    OptionalInt row = row(id);
    if (row.isPresent()) {
      Node before = index.node(row.getAsInt());
      count(before, -1);
      price(before, -1);
      classes.values().forEach(cell -> cell.remove(id));
      disown(before.owner(), row.getAsInt());
      order.remove(id);
      accepting.clear(row.getAsInt());
      free.clear(row.getAsInt());
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
      choosy += sign;
      for (String fact : node.terms().speakOf()) {
        int nodes = spokenOf.getOrDefault(fact, 0) + sign;
        if (nodes == 0) {
          spokenOf.remove(fact);
        } else {
          spokenOf.put(fact, nodes);
        }
      }
    }
  }

  static long memoryBytes(Node node) {
    return node.slots() * node.memoryMaxBytesPerSlot();
  }

  /** Whether a node has a free slot. */
  boolean isFree(int row) {
    return free.get(row);
  }

  /** How the nodes stand with what {@code request} asks, those that it excludes not excluded. */
  Standings standings(Request request) {
    return standingsOf(Kinds.of(request, this));
  }

  /** The same of a {@link Kinds kind}. */
  Standings standingsOf(Request kind) {
    Standings known = standings.get(kind);
    if (known == null) {
      known = new Standings(this, kind);
      standings.put(kind, known);
    }
    known.catchUp();
    return known;
  }

  /**
   * What answers a request of a {@link Kinds kind} that is new here, from a part of the cell; empty
   * if all of the cell is to be read, since it is small or the kind is asked for often.
   */
  Optional<Sampled> sampled(Request kind) {
    if (size() <= Sampled.NODES_MAX) {
      return Optional.empty();
    }
    if (standings.containsKey(kind)) {
      return Optional.empty();
    }
    if (popularity.ask(kind) > Sampled.ASKED_MAX) {
      sampled.remove(kind);
      return Optional.empty();
    }
    Sampled known = sampled.computeIfAbsent(kind, it -> new Sampled(this, it));
    return known.suffices() ? Optional.of(known) : Optional.empty();
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

  /** Whether any node takes only some jobs. */
  boolean isChoosy() {
    return choosy > 0;
  }

  Set<String> spokenOf() {
    return Set.copyOf(spokenOf.keySet());
  }

  Optional<Node> onlyFree() {
    int row = free.nextSetBit(0);
    return row < 0 || free.nextSetBit(row + 1) >= 0
        ? Optional.empty()
        : Optional.of(index.node(row));
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
