/**
 * A witness: a program of somebody else's that sees to it that a log only grows, and signs what it
 * saw.
 *
 * <p>Start at {@link xyz.openledger.chainanchor.witness.Witness}.
 */
@NullMarked
package xyz.openledger.chainanchor.witness;

import org.jspecify.annotations.NullMarked;
