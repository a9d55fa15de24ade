/**
 * Measures what a job costs: {@code openledger bench jobs}. Nothing here asserts a speed; what must
 * hold is that every job that was submitted is settled.
 *
 * <p>Start at {@link xyz.openledger.cluster.bench.JobsBench}.
 */
@NullMarked
package xyz.openledger.cluster.bench;

import org.jspecify.annotations.NullMarked;
