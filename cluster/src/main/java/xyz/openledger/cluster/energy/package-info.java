/**
 * Where grid intensities come from besides the table that is shipped: a file, or a service over
 * HTTP. Both are bounded and say by name what is wrong.
 *
 * <p>Start at {@link xyz.openledger.cluster.energy.HttpGrid}.
 */
@NullMarked
package xyz.openledger.cluster.energy;

import org.jspecify.annotations.NullMarked;
