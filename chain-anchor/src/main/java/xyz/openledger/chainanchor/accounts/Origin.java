package xyz.openledger.chainanchor.accounts;

/**
 * Who asks for a hold, and which of its holds this is. A source numbers its holds 1, 2, 3 … without
 * gaps and keeps the number in its own journal, so that a repeat carries the same one.
 *
 * <p>It is what lets the books forget. A finished job is remembered as one bit of its source's
 * {@link Watermark}, and bits below the lowest open number are not kept at all. A hold whose bit is
 * set can never be opened again, and nothing is ever paid without an open hold: so a repeat is
 * harmless however late it comes.
 *
 * @param source such as {@code job-partition-17}
 * @param number 1 for the source's first hold
 */
public record Origin(String source, long number) {}
