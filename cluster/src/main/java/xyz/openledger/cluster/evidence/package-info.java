/**
 * What a receipt's own evidence is worth, beside the proofs that it stands in the log.
 *
 * <p>Start at {@link xyz.openledger.cluster.evidence.ReceiptChecks}.
 */
@NullMarked
package xyz.openledger.cluster.evidence;

import org.jspecify.annotations.NullMarked;
