/**
 * The receipt log: an RFC 9162 tree that only grows, its proofs, and its signed checkpoints.
 *
 * <p>Start at {@link xyz.openledger.chainanchor.log.ReceiptLog}, which decides what is appended,
 * and {@link xyz.openledger.chainanchor.log.LogView}, which answers with proofs.
 */
@NullMarked
package xyz.openledger.chainanchor.log;

import org.jspecify.annotations.NullMarked;
