/**
 * Inner loops in C, each with a twin in Java that defines what it means and serves where C cannot.
 *
 * <p>Start at {@link xyz.openledger.nativekernels.Kernels}.
 */
@NullMarked
package xyz.openledger.nativekernels;

import org.jspecify.annotations.NullMarked;
