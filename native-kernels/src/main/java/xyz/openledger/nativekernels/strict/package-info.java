/**
 * Numeric kernels whose result is one sequence of bits, whatever the batch, the number of threads
 * or the machine. What each computes, step by step, is the contract in {@code docs/kernels.md}.
 *
 * <p>Start at {@link xyz.openledger.nativekernels.strict.StrictKernels}.
 */
@NullMarked
package xyz.openledger.nativekernels.strict;

import org.jspecify.annotations.NullMarked;
