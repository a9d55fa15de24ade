package xyz.openledger.pools;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.LongStream;
import xyz.openledger.protocol.Digest;

/**
 * Which blobs the nodes of a pool hold, in bounded space: of those that most nodes hold, a filter
 * that misses none and now and then names one too many. A pool that is preferred for a blob it does
 * not hold fetches it, and no more is lost.
 *
 * @param bits of the filter, 64 a word; none for a pool that says nothing
 */
public record HeldBlobs(List<Long> bits) {
  /** Nothing is known of what they hold. */
  public static final HeldBlobs UNKNOWN = new HeldBlobs(List.of());

  /** The most blobs that a filter tells of. */
  public static final int BLOBS_MAX = 2_048;

  /** Eight bits for each of them, of which three are set: one in thirty is named wrongly. */
  private static final int WORDS = BLOBS_MAX * 8 / Long.SIZE;

  private static final int MARKS = 3;

  /** An odd number without a pattern: nodes choose the digests that they tell. */
  private static final long MIX = 0x9e3779b97f4a7c15L;

  /** Checks the size. */
  public HeldBlobs {
    bits = List.copyOf(bits);
    if (!bits.isEmpty() && bits.size() != WORDS) {
      throw new IllegalArgumentException("a filter has %d words".formatted(WORDS));
    }
  }

  /**
   * Of those blobs that most nodes hold.
   *
   * @param nodes how many hold each, by the first eight bytes of its digest
   */
  public static HeldBlobs of(Map<Long, Integer> nodes) {
    if (nodes.isEmpty()) {
      return UNKNOWN;
    }
    Comparator<Map.Entry<Long, Integer>> leastFirst =
        Map.Entry.<Long, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey());
    var most = new PriorityQueue<>(leastFirst);
    for (Map.Entry<Long, Integer> blob : nodes.entrySet()) {
      most.add(Map.entry(blob.getKey(), blob.getValue()));
      if (most.size() > BLOBS_MAX) {
        most.remove();
      }
    }
    long[] words = new long[WORDS];
    for (Map.Entry<Long, Integer> blob : most) {
      for (int mark = 0; mark < MARKS; mark++) {
        int bit = bit(blob.getKey(), mark);
        words[bit >>> 6] |= 1L << bit;
      }
    }
    return new HeldBlobs(LongStream.of(words).boxed().toList());
  }

  /** Whether a node may hold it. */
  public boolean mayHold(Digest blob) {
    if (bits.isEmpty()) {
      return false;
    }
    for (int mark = 0; mark < MARKS; mark++) {
      int bit = bit(blob.first(), mark);
      if ((bits.get(bit >>> 6) & 1L << bit) == 0) {
        return false;
      }
    }
    return true;
  }

  private static int bit(long prefix, int mark) {
    long mixed = (prefix ^ (prefix >>> 32)) * MIX;
    return (int) ((mixed >>> (64 - 14 * (mark + 1))) & (WORDS * Long.SIZE - 1));
  }
}
