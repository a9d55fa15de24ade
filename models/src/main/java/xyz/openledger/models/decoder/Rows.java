package xyz.openledger.models.decoder;

import org.jspecify.annotations.Nullable;

/**
 * A stretch of one sequence: what one step computes of it.
 *
 * @param tokens what stands there
 * @param position of the first of them in the sequence
 * @param pages of the sequence, covering at least the last of them
 * @param adapter whose answer it is, or none
 * @param logits whether those of the last token are wanted
 */
public record Rows(
    int[] tokens, int position, int[] pages, @Nullable LoadedAdapter adapter, boolean logits) {}
