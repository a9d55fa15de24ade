/**
 * How fast a machine is, measured in the workers that will do the work.
 *
 * <p>Start at {@link xyz.openledger.nodes.benchmark.SelfBenchmark}.
 */
@NullMarked
package xyz.openledger.nodes.benchmark;

import org.jspecify.annotations.NullMarked;
