/**
 * Claims: single-use permissions to join a pool.
 *
 * <p>Start at {@link xyz.openledger.actors.claim.ClaimsEntity}.
 */
@NullMarked
package xyz.openledger.actors.claim;

import org.jspecify.annotations.NullMarked;
