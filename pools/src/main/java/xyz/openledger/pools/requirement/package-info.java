/**
 * What can be asked of a node, in the form that both the interpreter and the index understand:
 * quantities within bounds, traits among values, labels.
 *
 * <p>Start at {@link xyz.openledger.pools.requirement.Term}.
 */
@NullMarked
package xyz.openledger.pools.requirement;

import org.jspecify.annotations.NullMarked;
