/**
 * Who may run a job, who should, at what price, and who waits. Pure rules on records, without
 * clock, randomness or I/O: the same question has the same answer, so a placement can be replayed
 * and explained.
 *
 * <p>Start at {@link xyz.openledger.pools.Matcher}.
 */
@NullMarked
package xyz.openledger.pools;

import org.jspecify.annotations.NullMarked;
