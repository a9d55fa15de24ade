/**
 * The Merkle tree of RFC 9162 (Certificate Transparency), over SHA-256. Receipts, statements and
 * checkpoints all use this one tree, so that any public tool can check them.
 *
 * <p>Start at {@link xyz.openledger.protocol.merkle.MerkleTree}.
 */
@NullMarked
package xyz.openledger.protocol.merkle;

import org.jspecify.annotations.NullMarked;
