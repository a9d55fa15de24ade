/**
 * Measures what matching costs: {@code openledger bench match}. Nothing here asserts a speed; what
 * must hold is that every way of matching gives the same answers.
 *
 * <p>Start at {@link xyz.openledger.cluster.bench.match.MatchBench}.
 */
@NullMarked
package xyz.openledger.cluster.bench.match;

import org.jspecify.annotations.NullMarked;
