/**
 * Who of those that wait is next: priorities that age, fair shares, quotas, gangs, backfill, and
 * what is done about stragglers and about nodes and tasks that keep failing. Pure: time comes in as
 * a number, arithmetic is in integers, so the same story has the same end on every member and in
 * the simulator.
 *
 * <p>Start at {@link xyz.openledger.pools.queue.PoolQueue}.
 */
@NullMarked
package xyz.openledger.pools.queue;

import org.jspecify.annotations.NullMarked;
