/**
 * Proofs about private models: what a Groth16 proof shows, checked here without a chain.
 *
 * <p>Start at {@link xyz.openledger.verification.zk.ModelEvidence}.
 */
@NullMarked
package xyz.openledger.verification.zk;

import org.jspecify.annotations.NullMarked;
