/**
 * The way to the chain and back: checkpoints, payouts, registrations, deposits.
 *
 * <p>Start at {@link xyz.openledger.actors.anchor.Anchorer}, which brings calls onto the chain
 * exactly once; {@link xyz.openledger.actors.anchor.Settlement} says which.
 */
@NullMarked
package xyz.openledger.actors.anchor;

import org.jspecify.annotations.NullMarked;
