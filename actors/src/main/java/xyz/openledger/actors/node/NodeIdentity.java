package xyz.openledger.actors.node;

import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;

/**
 * Who a node is, fixed when its claim is spent.
 *
 * @param transportKey Ed25519 public key, 32 bytes, hex
 * @param resultKey secp256k1 public key, 33 bytes compressed, hex: signs what the node says it
 *     computed
 */
public record NodeIdentity(
    NodeId node, String name, Address owner, PoolId pool, String transportKey, String resultKey) {}
