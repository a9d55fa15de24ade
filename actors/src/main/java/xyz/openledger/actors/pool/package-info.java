/**
 * A pool in the running cluster: who asks, who has room, who gets the lease.
 *
 * <p>Start at {@link xyz.openledger.actors.pool.PoolEntity}.
 */
@NullMarked
package xyz.openledger.actors.pool;

import org.jspecify.annotations.NullMarked;
