/**
 * The chain: any EVM node by JSON-RPC, a development chain of our own, and our contracts on it.
 *
 * <p>Start at {@link xyz.openledger.chainanchor.evm.ChainClient}.
 */
@NullMarked
package xyz.openledger.chainanchor.evm;

import org.jspecify.annotations.NullMarked;
