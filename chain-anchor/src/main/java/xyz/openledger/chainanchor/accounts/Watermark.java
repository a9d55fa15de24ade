package xyz.openledger.chainanchor.accounts;

import java.util.BitSet;
import java.util.List;

/**
 * Which numbers of one source are finished: all up to {@code through}, and those whose bit is set
 * above it (bit 0 is {@code through + 1}). A source with one stuck job costs one bit for every job
 * it finished since.
 */
record Watermark(long through, BitSet above) {
  /** How far ahead of its oldest unfinished hold a source may number: 128 KiB of bits. */
  static final int SPAN_MAX = 1 << 20;

  static final Watermark ZERO = new Watermark(0, new BitSet());

  boolean contains(long number) {
    return number <= through || (inSpan(number) && above.get(index(number)));
  }

  boolean inSpan(long number) {
    return number - through <= SPAN_MAX;
  }

  Watermark with(List<Long> numbers) {
    var bits = (BitSet) above.clone();
    numbers.stream().filter(number -> number > through).forEach(number -> bits.set(index(number)));
    int done = bits.nextClearBit(0);
    return done == 0
        ? new Watermark(through, bits)
        : new Watermark(through + done, bits.get(done, Math.max(done, bits.length())));
  }

  private int index(long number) {
    return Math.toIntExact(number - through - 1);
  }
}
