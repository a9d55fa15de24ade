// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title LogProofs
/// @notice The proofs of RFC 9162 (Certificate Transparency), over SHA-256, for trees of any size.
/// @dev Leaves hash as SHA-256(0x00 ‖ leaf) and inner nodes as SHA-256(0x01 ‖ left ‖ right), so neither can
/// pass for the other. The names `fn`, `sn`, `fr` and `sr` of the RFC are spelled out here: the path walks up
/// from node `first` of a level whose last node is `last`.
library LogProofs {
    /// @notice The root of the tree without leaves: SHA-256 of nothing.
    bytes32 internal constant EMPTY_ROOT = 0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;

    /// @return The hash under which `leaf` stands in the tree.
    function leafHash(bytes memory leaf) internal pure returns (bytes32) {
        return sha256(bytes.concat(hex"00", leaf));
    }

    /// @notice RFC 9162 §2.1.3.2: whether `hash` is the leaf at `index` of the tree of `size` leaves under `root`.
    function includes(bytes32 root, uint64 size, bytes32 hash, uint64 index, bytes32[] calldata proof)
        internal
        view
        returns (bool)
    {
        if (index >= size) return false;
        uint64 first = index;
        uint64 last = size - 1;
        bytes32 current = hash;
        for (uint256 i = 0; i < proof.length; ++i) {
            if (last == 0) return false;
            if (first & 1 == 1 || first == last) {
                current = nodeHash(proof[i], current);
                (first, last) = skipLoneNodes(first, last);
            } else {
                current = nodeHash(current, proof[i]);
            }
            first >>= 1;
            last >>= 1;
        }
        return last == 0 && current == root;
    }

    /// @notice RFC 9162 §2.1.4.2: whether the tree of `toSize` leaves under `toRoot` begins with the tree of
    /// `fromSize` leaves under `fromRoot`. Equal sizes need equal roots, the empty tree begins every tree, and
    /// both have the empty proof.
    function extendsTree(uint64 fromSize, bytes32 fromRoot, uint64 toSize, bytes32 toRoot, bytes32[] calldata proof)
        internal
        view
        returns (bool)
    {
        if (fromSize > toSize) return false;
        if (fromSize == toSize) return proof.length == 0 && fromRoot == toRoot;
        if (fromSize == 0) return proof.length == 0 && fromRoot == EMPTY_ROOT;
        return foldsToBoth(fromSize, fromRoot, toSize, toRoot, proof);
    }

    /// @dev The general case: 0 < fromSize < toSize. The older tree's last perfect subtree starts the path; when
    /// it is the whole older tree, its root is known and left out of the proof.
    function foldsToBoth(uint64 fromSize, bytes32 fromRoot, uint64 toSize, bytes32 toRoot, bytes32[] calldata proof)
        private
        view
        returns (bool)
    {
        bool whole = fromSize & (fromSize - 1) == 0;
        if (proof.length == 0) return false;

        uint64 first = fromSize - 1;
        uint64 last = toSize - 1;
        while (first & 1 == 1) {
            first >>= 1;
            last >>= 1;
        }
        bytes32 older = whole ? fromRoot : proof[0];
        bytes32 newer = older;
        for (uint256 i = whole ? 0 : 1; i < proof.length; ++i) {
            if (last == 0) return false;
            if (first & 1 == 1 || first == last) {
                older = nodeHash(proof[i], older);
                newer = nodeHash(proof[i], newer);
                (first, last) = skipLoneNodes(first, last);
            } else {
                newer = nodeHash(newer, proof[i]);
            }
            first >>= 1;
            last >>= 1;
        }
        return last == 0 && older == fromRoot && newer == toRoot;
    }

    /// @dev A node without a right neighbour rises unhashed until it is somebody's right child.
    function skipLoneNodes(uint64 first, uint64 last) private pure returns (uint64, uint64) {
        while (first & 1 == 0 && first != 0) {
            first >>= 1;
            last >>= 1;
        }
        return (first, last);
    }

    /// @dev SHA-256(0x01 ‖ left ‖ right), by hand because the compiler copies the 65 bytes twice, and a proof among
    /// a million leaves would then cost 56,000 gas and not 49,000. They are laid out above the free
    /// memory and left there unowned; the answer of the precompile at address 2 lands in scratch space.
    function nodeHash(bytes32 left, bytes32 right) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 1)
            mstore(add(free, 1), left)
            mstore(add(free, 33), right)
            if iszero(staticcall(gas(), 2, free, 65, 0, 32)) { revert(0, 0) }
            hash := mload(0)
        }
    }
}
