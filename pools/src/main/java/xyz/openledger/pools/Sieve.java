package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Filter.Verdict;
import xyz.openledger.pools.energy.Zones;
import xyz.openledger.pools.index.NodeIndex;
import xyz.openledger.pools.index.Program;
import xyz.openledger.pools.requirement.Term;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;

/**
 * Passes rows of a cell through the filters of a kind, one filter after the other and 64 rows at
 * once. What bitmaps do not tell is asked of each node that is left.
 */
final class Sieve {
  private final Cell cell;
  private final Request kind;
  private final List<Filter> filters;
  private final List<Step> steps = new ArrayList<>();
  private @Nullable Program there;

  /**
   * One filter.
   *
   * @param passing those that it lets pass; null if it asks each node
   * @param fixed those that fail it for good if they fail it, where that depends on the node; null
   *     elsewhere
   */
  private record Step(int filter, @Nullable Program passing, @Nullable Program fixed) {}

  /** Hears which rows a filter removed first. */
  @FunctionalInterface
  interface Removed {
    /** Those rows, a bit each. */
    void by(int filter, boolean later, long[] rows);
  }

  /**
   * What each filter removed, in words.
   *
   * @param request of those that the filters were asked for
   * @param counts two for each filter: for good, and for now
   */
  static List<Explanation.Removed> removed(List<Filter> filters, Request request, int[] counts) {
    var listed = new ArrayList<Explanation.Removed>();
    for (int i = 0; i < filters.size(); i++) {
      int never = counts[2 * i];
      int notYet = counts[2 * i + 1];
      if (never + notYet > 0) {
        Filter filter = filters.get(i);
        listed.add(new Explanation.Removed(filter.clause(), filter.words(request), notYet, never));
      }
    }
    return listed;
  }

  Sieve(Cell cell, Request kind, List<Filter> filters) {
    this.cell = cell;
    this.kind = kind;
    this.filters = filters;
  }

  /** Whether bitmaps tell everything. */
  boolean isPlain() {
    compile();
    return steps.stream().allMatch(this::isTold);
  }

  /** Where no node is choosy, every job is welcome at all of them. */
  private boolean isIdle(Filter filter) {
    return filter instanceof Rules.Welcome && !cell.isChoosy();
  }

  private boolean isTold(Step step) {
    Filter filter = filters.get(step.filter());
    return step.passing() != null || filter instanceof Filters.Accepting || isIdle(filter);
  }

  private void compile() {
    Program known = there;
    if (known != null && known.isCurrent()) {
      return;
    }
    NodeIndex index = cell.index();
    there = index.compile(List.of());
    steps.clear();
    for (int i = 0; i < filters.size(); i++) {
      Filter filter = filters.get(i);
      Optional<List<Term>> terms = FilterTerms.of(filter, kind);
      if (filter instanceof Filters.Accepting || !terms.equals(Optional.of(List.of()))) {
        boolean told = terms.isPresent();
        // A grid known by the hour may be cleaner later, a declared figure may not.
        boolean either = filter instanceof Filters.CarbonCeiling;
        steps.add(
            new Step(
                i,
                told ? index.compile(terms.get()) : null,
                either ? index.compile(List.of(new Term.Labelled(Zones.LABEL, true))) : null));
      }
    }
  }

  /** What is done with rows of which bitmaps alone do not tell whether they pass. */
  enum Doubtful {
    /** Each is looked at. */
    READ,
    /** They are left out, neither passed nor removed. */
    LEFT_OUT
  }

  /**
   * Passes a part of the table through.
   *
   * @param first its first word of 64 rows
   * @param request excludes nodes and owners besides
   * @return the rows that pass all filters
   */
  long[] run(int first, int size, Request request, Removed removed, Doubtful doubtful) {
    compile();
    var all = new long[size];
    Arrays.fill(all, -1);
    long[] left = rows(there, first, all, doubtful);
    int step = 0;
    for (int i = 0; i < filters.size(); i++) {
      Filter filter = filters.get(i);
      if (filter instanceof Filters.OtherNode && !request.nodesExcluded().isEmpty()) {
        keep(left, without(request.nodesExcluded(), first, size), i, false, removed);
      } else if (filter instanceof Filters.OtherOwner && !request.ownersExcluded().isEmpty()) {
        keep(left, withoutOwners(request, first, size), i, true, removed);
      }
      if (step < steps.size() && steps.get(step).filter() == i) {
        pass(left, steps.get(step++), first, size, removed, doubtful);
      }
    }
    return left;
  }

  private void pass(
      long[] left, Step step, int first, int size, Removed removed, Doubtful doubtful) {
    Filter filter = filters.get(step.filter());
    if (filter instanceof Filters.Accepting) {
      keep(left, accepting(first, size), step.filter(), true, removed);
    } else if (step.passing() == null) {
      if (!isIdle(filter)) {
        interpret(left, step.filter(), first, removed);
      }
    } else if (step.fixed() == null) {
      keep(
          left,
          rows(step.passing(), first, left, doubtful),
          step.filter(),
          FilterTerms.moving(filter),
          removed);
    } else {
      long[] passing = rows(step.passing(), first, left, doubtful);
      long[] notForNow = rows(step.fixed(), first, left, doubtful);
      for (int word = 0; word < size; word++) {
        notForNow[word] |= passing[word];
      }
      keep(left, notForNow, step.filter(), true, removed);
      keep(left, passing, step.filter(), false, removed);
    }
  }

  private long[] rows(@Nullable Program program, int first, long[] among, Doubtful doubtful) {
    var bits = new long[among.length];
    if (program != null) {
      switch (doubtful) {
        case READ -> cell.index().search().survivors(program, first, among.length, among, bits);
        case LEFT_OUT -> cell.index().search().surely(program, first, among.length, among, bits);
      }
    }
    return bits;
  }

  private long[] accepting(int first, int size) {
    return words(cell.accepting(), first, size);
  }

  private long[] without(Iterable<NodeId> nodes, int first, int size) {
    var rows = new BitSet();
    for (NodeId id : nodes) {
      cell.row(id).ifPresent(rows::set);
    }
    return not(words(rows, first, size));
  }

  private long[] withoutOwners(Request request, int first, int size) {
    var rows = new BitSet();
    for (Address owner : request.ownersExcluded()) {
      for (int row : cell.rows(owner)) {
        rows.set(row);
      }
    }
    return not(words(rows, first, size));
  }

  private static long[] words(BitSet set, int first, int size) {
    var words = new long[size];
    long[] some = set.get(first * Long.SIZE, (first + size) * Long.SIZE).toLongArray();
    System.arraycopy(some, 0, words, 0, some.length);
    return words;
  }

  private static long[] not(long[] words) {
    for (int word = 0; word < words.length; word++) {
      words[word] = ~words[word];
    }
    return words;
  }

  private static void keep(
      long[] left, long[] passing, int filter, boolean later, Removed removed) {
    long any = 0;
    for (int word = 0; word < left.length; word++) {
      long before = left[word];
      left[word] = before & passing[word];
      passing[word] = before & ~passing[word];
      any |= passing[word];
    }
    if (any != 0) {
      removed.by(filter, later, passing);
    }
  }

  private void interpret(long[] left, int filter, int first, Removed removed) {
    var never = new long[left.length];
    var notYet = new long[left.length];
    for (int word = 0; word < left.length; word++) {
      for (long rest = left[word]; rest != 0; rest &= rest - 1) {
        long bit = rest & -rest;
        int row = (first + word) * Long.SIZE + Long.numberOfTrailingZeros(rest);
        switch (filters.get(filter).test(kind, cell.index().node(row))) {
          case Verdict.Feasible _ -> {}
          case Verdict.NotYet _ -> notYet[word] |= bit;
          case Verdict.Never _ -> never[word] |= bit;
        }
      }
      left[word] &= ~(never[word] | notYet[word]);
    }
    removed.by(filter, false, never);
    removed.by(filter, true, notYet);
  }
}
