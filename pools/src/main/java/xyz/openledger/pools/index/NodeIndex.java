package xyz.openledger.pools.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nativekernels.Kernels;
import xyz.openledger.nativekernels.MatchKernel;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.index.Postings.Word;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.NodeId;

/**
 * The nodes of one cell of a pool, so that what is asked of them is answered for all at once. For
 * any conjunction of terms it gives the nodes that each {@link Term#test} lets pass, and no other.
 *
 * <p>One writer, who is also the only reader: the actor of the cell.
 */
public final class NodeIndex {
  /** Nodes of a cell in production: all that is asked about then fits a nearby cache. */
  public static final int CELL_NODES_MAX = 1 << 16;

  /** Terms of one conjunction. */
  public static final int TERMS_MAX = 64;

  private static final List<Quantity> QUANTITIES = List.of(Quantity.values());

  private final Table table;
  private final Postings postings;
  private final Search search;
  private final Map<String, Integer> rows = new HashMap<>();
  private @Nullable Node[] nodes = new Node[64];

  /** An empty index of at most {@code nodesMax} nodes, with the fastest kernel there is. */
  public NodeIndex(int nodesMax) {
    this(nodesMax, Kernels.match(), Postings.WORDS_MAX);
  }

  NodeIndex(int nodesMax, MatchKernel kernel, int wordsMax) {
    var columns = Collections.nCopies(QUANTITIES.size(), new Schema.Column.Ordered());
    table = new Table(new Schema(new ArrayList<>(columns)), nodesMax);
    postings = new Postings(table, wordsMax);
    search = new Search(table, kernel);
  }

  /** The column of a quantity, for a {@link Ranking} over {@link Code codes}. */
  public static int column(Quantity quantity) {
    return QUANTITIES.indexOf(quantity);
  }

  /**
   * Adds a node, or puts it in the place of the one with its id.
   *
   * @throws IllegalStateException if the cell is full
   */
  public void put(Node node) {
    Integer row = rows.get(node.id().value());
    if (row == null) {
      add(node);
    } else {
      replace(row, node);
    }
  }

  private void add(Node node) {
    var codes = new int[QUANTITIES.size()];
    for (int column = 0; column < codes.length; column++) {
      codes[column] = Code.of(QUANTITIES.get(column).of(node));
    }
    int row = table.add(codes);
    rows.put(node.id().value(), row);
    if (row >= nodes.length) {
      nodes = Arrays.copyOf(nodes, 2 * nodes.length);
    }
    nodes[row] = node;
    NodeWords.of(node).forEach(word -> postings.add(word, row));
  }

  private void replace(int row, Node node) {
    Node old = node(row);
    if (old.equals(node)) {
      return;
    }
    nodes[row] = node;
    for (int column = 0; column < QUANTITIES.size(); column++) {
      table.set(row, column, Code.of(QUANTITIES.get(column).of(node)));
    }
    if (!NodeWords.same(old, node)) {
      Set<Word> before = NodeWords.of(old);
      Set<Word> after = NodeWords.of(node);
      before.stream().filter(word -> !after.contains(word)).forEach(w -> postings.remove(w, row));
      after.stream().filter(word -> !before.contains(word)).forEach(w -> postings.add(w, row));
    }
    // What 16 bits do not tell, and words, change without a column that does.
    table.touch(row);
  }

  /** Forgets a node, if it is known. */
  public void remove(NodeId id) {
    Integer row = rows.remove(id.value());
    if (row != null) {
      Node old = node(row);
      NodeWords.of(old).forEach(word -> postings.remove(word, row));
      table.remove(row);
      nodes[row] = null;
    }
  }

  /** The node of a row in use. */
  public Node node(int row) {
    Node node = nodes[row];
    if (node == null) {
      throw new IllegalArgumentException("no row " + row);
    }
    return node;
  }

  /** The row of a node. */
  public OptionalInt row(NodeId id) {
    return row(id.value());
  }

  /** The row of the node whose id is written so, if there is one. */
  OptionalInt row(String id) {
    Integer row = rows.get(id);
    return row == null ? OptionalInt.empty() : OptionalInt.of(row);
  }

  /** Nodes now in the index. */
  public int size() {
    return table.size();
  }

  /** Whether there is a node in that row. */
  public boolean isLive(int row) {
    return table.isLive(row);
  }

  /** No node has more of it; perhaps none has as much. */
  public long most(Quantity quantity) {
    return Code.highest(table.range(column(quantity)).highest());
  }

  /** Rows ever used: no node is in a row at or above. */
  public int rows() {
    return table.rowsUsed();
  }

  /** Its rows, for rankings and reservations. */
  public Table table() {
    return table;
  }

  /** What answers programs of this index. */
  public Search search() {
    return search;
  }

  /** A conjunction, compiled. */
  public Program compile(List<Term> terms) {
    Check.range("terms", terms.size(), 0, TERMS_MAX);
    return TermCompiler.compile(this, postings, terms);
  }

  /** How many nodes each term removes: a node counts for the first that it fails. */
  public int[] removed(List<Term> terms) {
    return search.removed(terms.stream().map(term -> compile(List.of(term))).toList());
  }

  /** The nodes that satisfy all terms, in the order of their rows. */
  public List<Node> select(List<Term> terms) {
    var bits = new long[search.survivorWords()];
    var found = new ArrayList<Node>(search.survivors(compile(terms), bits));
    for (int word = 0; word < bits.length; word++) {
      for (long rest = bits[word]; rest != 0; rest &= rest - 1) {
        found.add(node(word * Long.SIZE + Long.numberOfTrailingZeros(rest)));
      }
    }
    return found;
  }

  /** Slots of nodes, taken and given back in this index. */
  public Reservations reservations() {
    return new Reservations(
        table,
        new Reservations.Slots() {
          @Override
          public int free(int row) {
            return node(row).offeredSlots();
          }

          @Override
          public int total(int row) {
            return node(row).slots();
          }

          @Override
          public void change(int row, int by) {
            put(node(row).withFreeSlots(node(row).freeSlots() + by));
          }
        });
  }

  /** The node with that id. */
  public Optional<Node> find(NodeId id) {
    Integer row = rows.get(id.value());
    return row == null ? Optional.empty() : Optional.of(node(row));
  }
}
