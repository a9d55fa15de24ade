package xyz.openledger.pools;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;

/** Candidates by the standings of their kind, without those that this request excludes. */
final class IndexedCandidates implements Candidates {
  private final Standings standings;
  private final Request request;
  private final Locality locality;
  private final Spreading spreading;

  /** Whether the scores of the policy are all there is. */
  private final boolean plain;

  private final Cell cell;
  private final int[] removed;
  private final int nodeFilter;
  private final int ownerFilter;
  private final BitSet gone = new BitSet();

  /** Blocks that something is gone from, so that their sums are only bounds. */
  private final BitSet touched = new BitSet();

  private final Score.Field field;
  private final boolean exact;
  private final double stretch;
  private int size;
  private int[] laidOut = new int[16];
  private int laid;

  /** Whether what is laid out is in the order of ids. */
  private boolean ordered;

  /** Those of a task that is near to nothing and far from nothing. */
  IndexedCandidates(Standings standings, Request request) {
    this(standings, request, Locality.NONE, Spreading.NONE);
  }

  IndexedCandidates(Standings standings, Request request, Locality locality, Spreading spreading) {
    this.standings = standings;
    this.request = request;
    this.locality = locality;
    this.spreading = spreading;
    plain = locality.isIdle(request) && spreading.isIdle();
    cell = standings.cell();
    removed = standings.removed();
    size = standings.feasible();
    nodeFilter = filter(Clause.NODE);
    ownerFilter = filter(Clause.OWNER);
    for (NodeId id : request.nodesExcluded()) {
      OptionalInt row = cell.row(id);
      if (row.isPresent()) {
        exclude(row.getAsInt(), nodeFilter, false);
      }
    }
    for (Address owner : request.ownersExcluded()) {
      for (int row : cell.rows(owner)) {
        boolean counted =
            !request.nodesExcluded().isEmpty()
                && request.nodesExcluded().contains(cell.index().node(row).id());
        if (!counted) {
          exclude(row, ownerFilter, true);
        }
      }
    }
    if (spreading.isHard()) {
      for (int row = 0; row < standings.rows(); row++) {
        if (isLeft(row) && !spreading.admits(cell.index().node(row))) {
          leaveOut(row);
          size--;
        }
      }
    }
    field = fieldLeft();
    exact = field.equals(standings.scale());
    stretch = stretch();
  }

  private int filter(Clause clause) {
    List<Filter> filters = standings.filters();
    for (int i = 0; i < filters.size(); i++) {
      if (filters.get(i).clause() == clause) {
        return i;
      }
    }
    throw new IllegalStateException("no filter for " + clause);
  }

  private void exclude(int row, int filter, boolean later) {
    if (standings.admits(row)) {
      leaveOut(row);
      size--;
      removed[2 * filter + (later ? 1 : 0)]++;
    } else if (standings.failed(row) > filter) {
      removed[2 * standings.failed(row) + (standings.later(row) ? 1 : 0)]--;
      removed[2 * filter + (later ? 1 : 0)]++;
    }
  }

  private void leaveOut(int row) {
    gone.set(row);
    touched.set(row / Standings.BLOCK);
  }

  private Score.Field fieldLeft() {
    if (touched.isEmpty()) {
      return standings.field();
    }
    long cheap = Long.MAX_VALUE;
    long quick = Long.MAX_VALUE;
    for (int block = 0; block < standings.blocks(); block++) {
      if (standings.price(block) < cheap || standings.duration(block) < quick) {
        if (touched.get(block)) {
          for (int row = first(block); row < first(block + 1); row++) {
            if (isLeft(row)) {
              Node node = cell.index().node(row);
              cheap = Math.min(cheap, node.priceNanoOpenPerGigafuel());
              quick = Math.min(quick, node.durationMicros(standings.kind().fuelMax()));
            }
          }
        } else {
          cheap = Math.min(cheap, standings.price(block));
          quick = Math.min(quick, standings.duration(block));
        }
      }
    }
    return new Score.Field(cheap, quick);
  }

  /** By how much a score against the scale may fall short of one against the field. */
  private double stretch() {
    Score.Field scale = standings.scale();
    return Math.max(
        1,
        Math.max(
            (field.priceMinNanoOpenPerGigafuel() + 1.0)
                / (scale.priceMinNanoOpenPerGigafuel() + 1.0),
            (field.durationMinMicros() + 1.0) / (scale.durationMinMicros() + 1.0)));
  }

  /** No candidate that scores so against the scale scores more against the field. */
  private int bound(int score) {
    // Each part was rounded down by less than 1, and so was their mean.
    int bound = exact || score < 0 ? score : (int) Math.min(Score.MAX, stretch * (score + 2) + 1);
    return plain || bound < 0 ? bound : locality.ceiling(request, bound);
  }

  private static int first(int block) {
    return block * Standings.BLOCK;
  }

  private boolean isLeft(int row) {
    return standings.admits(row) && !gone.get(row);
  }

  private int score(int row) {
    if (plain && exact) {
      return standings.score(row);
    }
    Node node = cell.index().node(row);
    int policy = exact ? standings.score(row) : Scores.total(request, node, field);
    return plain ? policy : spreading.score(node, locality.score(request, node, policy));
  }

  @Override
  public int size() {
    return size;
  }

  /** How many each filter removed, those that this request excludes among them. */
  List<Explanation.Removed> removed() {
    return spreading.removed(Sieve.removed(standings.filters(), request, removed));
  }

  @Override
  public Score.Field field() {
    return field;
  }

  @Override
  public int newcomers() {
    laid = 0;
    ordered = false;
    for (int row = 0; row < standings.rows(); row++) {
      if (isLeft(row) && cell.index().node(row).isNewcomer()) {
        layOut(row);
      }
    }
    return laid;
  }

  @Override
  public int asGoodAsTheBest(int margin) {
    if (plain && exact && layOut(standings.leaders(margin))) {
      return laid;
    }
    ordered = false;
    int worst = Math.max(0, best() - margin);
    int rescored = 0;
    laid = 0;
    for (int block = 0; block < standings.blocks(); block++) {
      if (bound(standings.best(block)) >= worst) {
        for (int row = first(block); row < first(block + 1); row++) {
          if (isLeft(row) && bound(standings.score(row)) >= worst) {
            rescored++;
            if (score(row) >= worst) {
              layOut(row);
            }
          }
        }
      }
    }
    if (!exact) {
      standings.rescored(rescored);
    }
    return laid;
  }

  /** Those of them that are left; false if none of the best is, so that others follow. */
  private boolean layOut(Leaders leaders) {
    int[] rows = leaders.rows();
    laid = 0;
    ordered = false;
    for (int i = 0; i < rows.length; i++) {
      if (!gone.get(rows[i])) {
        layOut(rows[i]);
        ordered |= leaders.scores()[i] == leaders.best();
      }
    }
    return ordered;
  }

  private int best() {
    int best = -1;
    for (int block = 0; block < standings.blocks(); block++) {
      if (bound(standings.best(block)) > best) {
        if (plain && exact && !touched.get(block)) {
          best = standings.best(block);
        } else {
          for (int row = first(block); row < first(block + 1); row++) {
            if (isLeft(row) && bound(standings.score(row)) > best) {
              best = Math.max(best, score(row));
            }
          }
        }
      }
    }
    return best;
  }

  private void layOut(int row) {
    if (laid == laidOut.length) {
      laidOut = Arrays.copyOf(laidOut, 2 * laid);
    }
    laidOut[laid++] = row;
  }

  @Override
  public Pick pick(int place) {
    int row = ordered ? laidOut[place] : cell.order().nth(laidOut, laid, place);
    return new Pick(cell.index().node(row), score(row));
  }

  @Override
  public void took(Node node) {
    for (int row : cell.rows(node.owner())) {
      if (standings.admits(row)) {
        leaveOut(row);
      }
    }
    if (spreading.takes(node) && spreading.isHard()) {
      for (int row = 0; row < standings.rows(); row++) {
        if (isLeft(row) && spreading.isTaken(cell.index().node(row))) {
          leaveOut(row);
        }
      }
    }
  }

  /** Whether fewer than {@code count} owners could ever run it. */
  boolean hopeless(int count) {
    var owners = new HashSet<Address>();
    for (int row = 0; row < standings.rows(); row++) {
      boolean may =
          standings.admits(row)
              ? !isExcluded(row)
              : standings.fails(row)
                  && standings.later(row)
                  && !isExcluded(row)
                  && everMay(cell.index().node(row), standings.failed(row));
      if (may && owners.add(cell.index().node(row).owner()) && owners.size() >= count) {
        return false;
      }
    }
    return true;
  }

  private boolean isExcluded(int row) {
    return !request.nodesExcluded().isEmpty()
        && request.nodesExcluded().contains(cell.index().node(row).id());
  }

  /** Whether none of the filters behind the one that it fails for now rules it out for good. */
  private boolean everMay(Node node, int failed) {
    for (int i = failed + 1; i < standings.filters().size(); i++) {
      if (standings.filters().get(i).test(request, node) instanceof Filter.Verdict.Never) {
        return false;
      }
    }
    return true;
  }
}
