/**
 * The workload {@code matmul}: a graph of integer operators over int8 tensors, exact on every
 * machine. How it is written, run, priced and committed to.
 */
@NullMarked
package xyz.openledger.verification.matmul;

import org.jspecify.annotations.NullMarked;
