// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The 16 bytes behind the text `node-…`. In a 32-byte word they stand on the left, zeros follow.
type NodeId is bytes16;

/// @notice The 16 bytes behind the text `pool-…`.
type PoolId is bytes16;

/// @notice Names a requester's account in the network's books: the hash of the tenant's id.
type AccountId is bytes32;

/// @notice Names one payment in the network's books, so that it can be made once and never again.
type PaymentKey is bytes32;
