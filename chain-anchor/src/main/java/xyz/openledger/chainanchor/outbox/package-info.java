/**
 * Gets what was decided onto the chain exactly once, through crashes, lost answers, fee peaks,
 * reorganisations and rollbacks. Pure: it is told what was seen, and says what to write down and
 * what to do.
 *
 * <p>Start at {@link xyz.openledger.chainanchor.outbox.Outbox}.
 */
@NullMarked
package xyz.openledger.chainanchor.outbox;

import org.jspecify.annotations.NullMarked;
