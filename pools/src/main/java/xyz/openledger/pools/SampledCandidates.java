package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import xyz.openledger.protocol.Address;

/** The candidates among the nodes that were looked at for one request: see {@link Sampled}. */
final class SampledCandidates implements Candidates {
  /** Of a node whose owner has a replica. */
  private static final int GONE = -1;

  private final Cell cell;
  private final List<Filter> filters;
  private final Request request;
  private final int[] removed;
  private int considered;
  private int feasible;
  private final List<Address> owners = new ArrayList<>();
  private Node[] nodes = {};
  private int[] rows = new int[256];
  private int taken;
  private int[] scores = {};
  private Score.Field field = new Score.Field(0, 0);
  private int[] laidOut = {};
  private int laid;

  SampledCandidates(Cell cell, List<Filter> filters, Request request) {
    this.cell = cell;
    this.filters = filters;
    this.request = request;
    removed = new int[2 * filters.size()];
  }

  /** A filter removed those rows. */
  void removed(int filter, boolean later, long[] removedRows) {
    int count = Sampled.count(removedRows);
    removed[2 * filter + (later ? 1 : 0)] += count;
    considered += count;
  }

  /** Those may run it. */
  void left(int count) {
    feasible += count;
    considered += count;
  }

  /** Takes at most so many of the rows; {@code first} is the first of them, in words of 64. */
  void take(long[] bits, int first, int max) {
    int end = taken + max;
    for (int word = 0; word < bits.length; word++) {
      for (long rest = bits[word]; rest != 0 && taken < end; rest &= rest - 1) {
        if (taken == rows.length) {
          rows = Arrays.copyOf(rows, 2 * taken);
        }
        rows[taken++] = (first + word) * Long.SIZE + Long.numberOfTrailingZeros(rest);
      }
    }
  }

  /** All are taken: scores them. */
  void complete() {
    nodes = new Node[taken];
    Arrays.setAll(nodes, i -> cell.index().node(rows[i]));
    field = Score.Field.of(request, Arrays.asList(nodes));
    scores = new int[taken];
    Arrays.setAll(scores, i -> Scores.total(request, nodes[i], field));
    laidOut = new int[taken];
  }

  /** How many nodes were looked at. */
  int considered() {
    return considered;
  }

  @Override
  public int size() {
    return feasible;
  }

  /** How many each filter removed of those. */
  List<Explanation.Removed> removed() {
    return Sieve.removed(filters, request, removed);
  }

  @Override
  public Score.Field field() {
    return field;
  }

  @Override
  public int newcomers() {
    laid = 0;
    strike();
    for (int i = 0; i < taken; i++) {
      if (scores[i] != GONE && nodes[i].isNewcomer()) {
        laidOut[laid++] = rows[i];
      }
    }
    return laid;
  }

  @Override
  public int asGoodAsTheBest(int margin) {
    strike();
    int best = 0;
    for (int score : scores) {
      best = Math.max(best, score);
    }
    laid = 0;
    for (int i = 0; i < taken; i++) {
      if (scores[i] != GONE && scores[i] >= best - margin) {
        laidOut[laid++] = rows[i];
      }
    }
    return laid;
  }

  @Override
  public Pick pick(int place) {
    int row = cell.order().nth(laidOut, laid, place);
    int at = 0;
    while (rows[at] != row) {
      at++;
    }
    return new Pick(nodes[at], scores[at]);
  }

  @Override
  public void took(Node node) {
    owners.add(node.owner());
  }

  private void strike() {
    for (int i = 0; i < taken && !owners.isEmpty(); i++) {
      if (owners.contains(nodes[i].owner())) {
        scores[i] = GONE;
      }
    }
  }
}
