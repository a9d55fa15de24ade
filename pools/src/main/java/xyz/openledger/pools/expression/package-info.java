/**
 * Expressions in policies: a small part of CEL over the fields of a node, in whole numbers, typed,
 * bounded in cost, and lowered to terms of the index where they are simple enough.
 *
 * <p>Start at {@link xyz.openledger.pools.expression.Requirement}.
 */
@NullMarked
package xyz.openledger.pools.expression;

import org.jspecify.annotations.NullMarked;
