package xyz.openledger.nativekernels;

import java.lang.foreign.MemorySegment;

/**
 * Which rows of a table satisfy a policy, and which of them are best. The contract, its layouts and
 * its bounds are those of {@code ol_match.h}; every implementation gives the same bits.
 */
public interface MatchKernel {
  /** Codes in the line of a row. */
  int COLUMNS = 32;

  /** Bytes in the line of a row. */
  int LINE_BYTES = 2 * COLUMNS;

  /** The most bitmaps of a kind in one question. */
  int BITMAPS_MAX = 128;

  /** What it is, for reports. */
  String name();

  /**
   * Writes the AND of all required bitmaps without any excluded one to {@code survivors}, from
   * {@code at} on, and answers how many bits are set.
   *
   * @param stride words from one bitmap of {@code slab} to the next
   * @param required at least one, of which the first {@code requiredCount} count
   */
  int select(
      MemorySegment slab,
      long stride,
      int[] required,
      int requiredCount,
      int[] excluded,
      int excludedCount,
      long firstWord,
      int words,
      long[] survivors,
      int at);

  /** Clears the survivors that a range refuses and answers how many are left. */
  int keep(long[] survivors, int at, long firstWord, int words, MemorySegment lines, int[] ranges);

  /**
   * Merges the survivors that every range lets pass into the best so far, and answers how many
   * those are: the higher score first, then the lower row.
   *
   * @param ranges triples of column, lowest and highest code
   * @param weights pairs of column and weight
   * @param held how many places of {@code scores} and {@code rows} are in use; their length is k
   */
  int top(
      long[] survivors,
      int at,
      long firstWord,
      int words,
      MemorySegment lines,
      int[] ranges,
      int[] weights,
      int held,
      long[] scores,
      int[] rows);
}
