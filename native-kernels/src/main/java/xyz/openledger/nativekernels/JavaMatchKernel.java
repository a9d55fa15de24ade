package xyz.openledger.nativekernels;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** The twin in Java: what the kernel means, and what runs where there is no C compiler. */
final class JavaMatchKernel implements MatchKernel {
  /** Candidates are gathered before their lines are read, so that cache misses overlap. */
  private static final int CANDIDATES = 1_024;

  private static final int CODE_MASK = 0xFFFF;

  @Override
  public String name() {
    return "java";
  }

  @Override
  public int select(
      MemorySegment slab,
      long stride,
      int[] required,
      int requiredCount,
      int[] excluded,
      int excludedCount,
      long firstWord,
      int words,
      long[] survivors,
      int at) {
    if (requiredCount < 1
        || requiredCount > BITMAPS_MAX
        || excludedCount < 0
        || excludedCount > BITMAPS_MAX
        || firstWord < 0
        || words < 0
        || at < 0) {
      throw new IllegalArgumentException("not a question: see ol_match.h");
    }
    copy(slab, offset(required[0], stride, firstWord), words, survivors, at);
    int i = 1;
    for (; i + 3 < requiredCount; i += 4) {
      and(
          slab,
          offset(required[i], stride, firstWord),
          offset(required[i + 1], stride, firstWord),
          offset(required[i + 2], stride, firstWord),
          offset(required[i + 3], stride, firstWord),
          words,
          survivors,
          at);
    }
    for (; i < requiredCount; i++) {
      and(slab, offset(required[i], stride, firstWord), words, survivors, at);
    }
    for (i = 0; i + 3 < excludedCount; i += 4) {
      andNot(
          slab,
          offset(excluded[i], stride, firstWord),
          offset(excluded[i + 1], stride, firstWord),
          offset(excluded[i + 2], stride, firstWord),
          offset(excluded[i + 3], stride, firstWord),
          words,
          survivors,
          at);
    }
    for (; i < excludedCount; i++) {
      andNot(slab, offset(excluded[i], stride, firstWord), words, survivors, at);
    }
    return count(survivors, at, words);
  }

  private static long offset(int bitmap, long stride, long firstWord) {
    return (bitmap * stride + firstWord) << 3;
  }

  private static void copy(MemorySegment slab, long from, int words, long[] into, int at) {
    MemorySegment.copy(slab, JAVA_LONG, from, into, at, words);
  }

  private static void and(
      MemorySegment slab, long a, long b, long c, long d, int words, long[] into, int at) {
    for (int i = 0; i < words; i++) {
      long byteOffset = (long) i << 3;
      into[at + i] &=
          slab.get(JAVA_LONG, a + byteOffset)
              & slab.get(JAVA_LONG, b + byteOffset)
              & slab.get(JAVA_LONG, c + byteOffset)
              & slab.get(JAVA_LONG, d + byteOffset);
    }
  }

  private static void and(MemorySegment slab, long from, int words, long[] into, int at) {
    for (int i = 0; i < words; i++) {
      into[at + i] &= slab.get(JAVA_LONG, from + ((long) i << 3));
    }
  }

  private static void andNot(
      MemorySegment slab, long a, long b, long c, long d, int words, long[] into, int at) {
    for (int i = 0; i < words; i++) {
      long byteOffset = (long) i << 3;
      into[at + i] &=
          ~(slab.get(JAVA_LONG, a + byteOffset)
              | slab.get(JAVA_LONG, b + byteOffset)
              | slab.get(JAVA_LONG, c + byteOffset)
              | slab.get(JAVA_LONG, d + byteOffset));
    }
  }

  private static void andNot(MemorySegment slab, long from, int words, long[] into, int at) {
    for (int i = 0; i < words; i++) {
      into[at + i] &= ~slab.get(JAVA_LONG, from + ((long) i << 3));
    }
  }

  private static int count(long[] bits, int at, int words) {
    int count = 0;
    for (int i = at; i < at + words; i++) {
      count += Long.bitCount(bits[i]);
    }
    return count;
  }

  @Override
  public int keep(
      long[] survivors, int at, long firstWord, int words, MemorySegment lines, int[] ranges) {
    int left = 0;
    for (int word = 0; word < words; word++) {
      long bits = survivors[at + word];
      long kept = bits;
      for (; bits != 0; bits &= bits - 1) {
        int bit = Long.numberOfTrailingZeros(bits);
        if (!within(lines, ((firstWord + word) << 6) + bit, ranges)) {
          kept &= ~(1L << bit);
        }
      }
      survivors[at + word] = kept;
      left += Long.bitCount(kept);
    }
    return left;
  }

  @Override
  public int top(
      long[] survivors,
      int at,
      long firstWord,
      int words,
      MemorySegment lines,
      int[] ranges,
      int[] weights,
      int held,
      long[] scores,
      int[] rows) {
    var candidates = new int[Math.min(CANDIDATES, count(survivors, at, words)) + Long.SIZE];
    var candidateScores = new long[candidates.length];
    int count = 0;
    int kept = held;
    for (int word = 0; word < words; word++) {
      int base = (int) (firstWord + word) << 6;
      for (long bits = survivors[at + word]; bits != 0; bits &= bits - 1) {
        candidates[count++] = base + Long.numberOfTrailingZeros(bits);
      }
      if (count >= CANDIDATES) {
        score(candidates, count, lines, weights, candidateScores);
        kept = offer(candidates, candidateScores, count, lines, ranges, kept, scores, rows);
        count = 0;
      }
    }
    score(candidates, count, lines, weights, candidateScores);
    return offer(candidates, candidateScores, count, lines, ranges, kept, scores, rows);
  }

  /** Without a branch between one line and the next: the processor reads several at a time. */
  private static void score(
      int[] candidates, int count, MemorySegment lines, int[] weights, long[] into) {
    for (int i = 0; i < count; i++) {
      long line = (long) candidates[i] * LINE_BYTES;
      long score = 0;
      for (int w = 0; w < weights.length; w += 2) {
        score += (long) weights[w + 1] * code(lines, line, weights[w]);
      }
      into[i] = score;
    }
  }

  private static int offer(
      int[] candidates,
      long[] candidateScores,
      int count,
      MemorySegment lines,
      int[] ranges,
      int held,
      long[] scores,
      int[] rows) {
    int k = scores.length;
    int kept = held;
    for (int i = 0; i < count; i++) {
      long score = candidateScores[i];
      int row = candidates[i];
      if (kept == k && !above(score, row, scores[k - 1], rows[k - 1])) {
        continue;
      }
      if (within(lines, row, ranges)) {
        int place = kept < k ? kept++ : k - 1;
        while (place > 0 && above(score, row, scores[place - 1], rows[place - 1])) {
          scores[place] = scores[place - 1];
          rows[place] = rows[place - 1];
          place--;
        }
        scores[place] = score;
        rows[place] = row;
      }
    }
    return kept;
  }

  private static boolean above(long score, int row, long otherScore, int otherRow) {
    return score > otherScore || (score == otherScore && row < otherRow);
  }

  private static boolean within(MemorySegment lines, long row, int[] ranges) {
    for (int i = 0; i < ranges.length; i += 3) {
      int code = code(lines, row * LINE_BYTES, ranges[i]);
      if (code < ranges[i + 1] || code > ranges[i + 2]) {
        return false;
      }
    }
    return true;
  }

  private static int code(MemorySegment lines, long line, int column) {
    return lines.get(JAVA_SHORT, line + ((long) column << 1)) & CODE_MASK;
  }
}
