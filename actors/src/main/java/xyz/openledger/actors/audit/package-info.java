/**
 * Adding everything up again: what the journal says must agree with itself, and with the chain.
 *
 * <p>Start at {@link xyz.openledger.actors.audit.Audit}.
 */
@NullMarked
package xyz.openledger.actors.audit;

import org.jspecify.annotations.NullMarked;
