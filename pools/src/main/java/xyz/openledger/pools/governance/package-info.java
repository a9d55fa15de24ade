/**
 * What is decided by vote and obeyed by matching: rules as data, with an epoch and a hash.
 *
 * <p>Start at {@link xyz.openledger.pools.governance.GovernedRules}.
 */
@NullMarked
package xyz.openledger.pools.governance;

import org.jspecify.annotations.NullMarked;
