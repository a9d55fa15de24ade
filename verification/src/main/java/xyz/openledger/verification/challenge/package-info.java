/**
 * Tasks whose answer we know: what a node solves before it is given work.
 *
 * <p>Start at {@link xyz.openledger.verification.challenge.Challenge}.
 */
@NullMarked
package xyz.openledger.verification.challenge;

import org.jspecify.annotations.NullMarked;
