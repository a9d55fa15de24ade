/** What the strict kernels cost, beside OpenBLAS where it is at hand. */
@NullMarked
package xyz.openledger.cluster.bench.kernels;

import org.jspecify.annotations.NullMarked;
