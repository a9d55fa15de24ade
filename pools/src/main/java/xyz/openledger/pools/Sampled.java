package xyz.openledger.pools;

import java.util.ArrayList;
import java.util.List;
import xyz.openledger.pools.index.NodeIndex;
import xyz.openledger.pools.index.Ranking;
import xyz.openledger.pools.requirement.Quantity;
import xyz.openledger.protocol.Policy;

/**
 * A kind of request that is new to a large cell. How all nodes stand with it is not worth finding
 * out before it has been asked for often; until then a part of the cell is read for each request,
 * from another place on each time, and of the nodes there that may run it those are scored that
 * promise most.
 *
 * <pre>
 *   cell   ······│ 16,384 rows through the filters │······   more until 64 are left
 *                     └▶ a guess by bitmaps ─▶ about 64 scored ─▶ drawn among the best of them
 * </pre>
 */
final class Sampled {
  /** Cells of so many nodes are read whole for every kind. */
  static final int NODES_MAX = 8_192;

  /** A kind that was asked for so often is worth reading the whole cell for. */
  static final int ASKED_MAX = 32;

  private static final int WORDS = 256;
  private static final int ENOUGH = 64;

  // What a step of a code changes of a score near the best, about: codes of prices, speeds and
  // reputations have 1,024 steps for each doubling, those of grams are the grams.
  private static final int A_DOUBLING = 7;
  private static final int A_GRAM = 10;

  private final Cell cell;
  private final Sieve sieve;
  private final Ranking ranking;
  private final List<Filter> asked;
  private final boolean preferring;

  Sampled(Cell cell, Request kind) {
    this.cell = cell;
    asked = Filters.of(kind.policy());
    sieve = new Sieve(cell, kind, asked);
    ranking = ranking(kind.policy().objective().weights());
    preferring = kind.policy().prefer() != null;
  }

  private static Ranking ranking(Policy.Weights weights) {
    var each = new ArrayList<Ranking.Weight>();
    each.add(weight(Quantity.PRICE, -A_DOUBLING * weights.cost()));
    each.add(weight(Quantity.SPEED, A_DOUBLING * weights.latency()));
    each.add(weight(Quantity.REPUTATION, A_DOUBLING * weights.reliability()));
    each.add(weight(Quantity.CARBON, -A_GRAM * weights.carbon()));
    return new Ranking(each);
  }

  private static Ranking.Weight weight(Quantity quantity, int weight) {
    return new Ranking.Weight(NodeIndex.column(quantity), weight);
  }

  /** Whether requests of this kind may be answered so. */
  boolean suffices() {
    return !preferring && sieve.isPlain();
  }

  /** Those of a request, the rows being read from the one that {@code draw} says. */
  SampledCandidates candidates(Request request, Draw draw) {
    int words = cell.index().search().survivorWords();
    int at = draw.below(Math.max(1, words - WORDS + 1));
    SampledCandidates found = read(request, words, at, Sieve.Doubtful.LEFT_OUT);
    if (found.size() < ENOUGH) {
      found = read(request, words, at, Sieve.Doubtful.READ);
    }
    found.complete();
    return found;
  }

  private SampledCandidates read(Request request, int words, int at, Sieve.Doubtful doubtful) {
    var found = new SampledCandidates(cell, asked, request);
    int read = 0;
    while (read < words && found.size() < ENOUGH) {
      int first = (at + read) % words;
      int size = Math.min(WORDS, Math.min(words - read, words - first));
      long[] left = sieve.run(first, size, request, found::removed, doubtful);
      int count = count(left);
      found.left(count);
      take(found, left, count, first, size);
      read += size;
    }
    return found;
  }

  /** Takes those that promise most, or all where they are few. */
  private void take(SampledCandidates found, long[] left, int count, int first, int size) {
    if (count <= ENOUGH) {
      found.take(left, first, ENOUGH);
      return;
    }
    var promising = new long[size];
    double share = (double) ENOUGH / count;
    int some = cell.index().search().promising(ranking, share, first, size, left, promising);
    found.take(promising, first, ENOUGH + ENOUGH / 2);
    if (some < ENOUGH / 4) {
      for (int word = 0; word < size; word++) {
        left[word] &= ~promising[word];
      }
      found.take(left, first, ENOUGH / 2);
    }
  }

  static int count(long[] words) {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }
}
