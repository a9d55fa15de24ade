/**
 * When outputs that are not the same bytes still count as equal, where a policy says so. Pure.
 *
 * <p>Start at {@link xyz.openledger.verification.comparator.Comparator}.
 */
@NullMarked
package xyz.openledger.verification.comparator;

import org.jspecify.annotations.NullMarked;
