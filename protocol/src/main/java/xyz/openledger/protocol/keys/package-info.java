/**
 * Keys and what they sign: Ed25519 for streams and checkpoints, secp256k1 for what a contract must
 * be able to judge.
 *
 * <p>Start at {@link xyz.openledger.protocol.keys.KeyFile}.
 */
@NullMarked
package xyz.openledger.protocol.keys;

import org.jspecify.annotations.NullMarked;
