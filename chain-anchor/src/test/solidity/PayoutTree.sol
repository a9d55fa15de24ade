// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

uint256 constant PAYEES = 8;

/// @title PayoutTree
/// @notice The payout tree of eight accounts, for campaigns that draw their own earnings. That it is the tree of
/// OpenZeppelin's JavaScript library is checked by vectors, in RewardDistributor.t.sol.
library PayoutTree {
    function root(address[PAYEES] memory accounts, uint256[PAYEES] memory amounts) internal pure returns (bytes32) {
        return nodes(accounts, amounts)[1];
    }

    function proof(address[PAYEES] memory accounts, uint256[PAYEES] memory amounts, uint256 index)
        internal
        pure
        returns (bytes32[] memory path)
    {
        bytes32[2 * PAYEES] memory tree = nodes(accounts, amounts);
        path = new bytes32[](3);
        uint256 node = PAYEES + index;
        for (uint256 level = 0; level < path.length; ++level) {
            path[level] = tree[node ^ 1];
            node /= 2;
        }
    }

    /// @dev A heap: the root at 1, the children of n at 2n and 2n + 1, the leaves at the end.
    function nodes(address[PAYEES] memory accounts, uint256[PAYEES] memory amounts)
        private
        pure
        returns (bytes32[2 * PAYEES] memory tree)
    {
        for (uint256 i = 0; i < PAYEES; ++i) {
            tree[PAYEES + i] = keccak256(bytes.concat(keccak256(abi.encode(accounts[i], amounts[i]))));
        }
        for (uint256 n = PAYEES - 1; n > 0; --n) {
            tree[n] = Hashes.commutativeKeccak256(tree[2 * n], tree[2 * n + 1]);
        }
    }
}
