// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AnchorLog} from "openledger/AnchorLog.sol";
import {Words} from "./Test.sol";

/// @title LogCampaign
/// @notice Grows a log leaf by leaf through the vectors of RFC 9162 and asks it for every proof: as given, and with
/// one thing changed.
/// @dev The log must let this contract anchor.
contract LogCampaign {
    using Words for Words.Reader;

    AnchorLog private immutable log;

    constructor(AnchorLog log_) {
        log = log_;
    }

    /// @return What the log got wrong, empty if nothing; and how many proofs it was asked for.
    function run() external returns (string memory, uint256) {
        Words.Reader memory vectors = Words.open("log");
        uint256 sizes = vectors.number();
        uint256 proofs;
        for (uint256 i = 1; i <= sizes; ++i) {
            uint64 size = vectors.size();
            log.anchor(size - 1, size, vectors.hash());
            proofs += 2 * size;
            string memory wrong = wrongInclusion(vectors, size);
            if (bytes(wrong).length == 0) wrong = wrongConsistency(vectors, size);
            if (bytes(wrong).length != 0) return (wrong, proofs);
        }
        require(vectors.atEnd(), "the vectors go on");
        return ("", proofs);
    }

    function wrongInclusion(Words.Reader memory vectors, uint64 size) private view returns (string memory) {
        for (uint64 index = 0; index < size; ++index) {
            bytes32 leaf = vectors.hash();
            bytes32[] memory proof = vectors.path();

            if (!log.verifyInclusion(leaf, index, size, proof)) return "a true inclusion proof was refused";
            if (log.verifyInclusion(flip(leaf, size), index, size, proof)) return "another leaf was found";
            if (log.verifyInclusion(leaf, index ^ 1, size, proof)) return "a leaf was found at its neighbour's index";
            if (log.verifyInclusion(leaf, size, size, proof)) return "a leaf was found beyond the end";
            if (log.verifyInclusion(leaf, index, size, longer(proof))) return "a proof with a hash too many held";
            if (proof.length > 0) {
                if (log.verifyInclusion(leaf, index, size, shorter(proof))) return "a cut inclusion proof held";
                uint256 place = index % proof.length;
                proof[place] = flip(proof[place], index);
                if (log.verifyInclusion(leaf, index, size, proof)) return "a flipped inclusion proof held";
            }
        }
        return "";
    }

    function wrongConsistency(Words.Reader memory vectors, uint64 size) private view returns (string memory) {
        for (uint64 from = 1; from <= size; ++from) {
            bytes32 root = vectors.hash();
            bytes32[] memory proof = vectors.path();

            if (!log.verifyConsistency(from, root, proof)) return "a true consistency proof was refused";
            if (log.verifyConsistency(from, flip(root, size), proof)) return "another history held";
            if (log.verifyConsistency(from, root, longer(proof))) return "a proof with a hash too many held";
            if (proof.length > 0) {
                if (log.verifyConsistency(from, root, shorter(proof))) return "a cut consistency proof held";
                uint256 place = from % proof.length;
                proof[place] = flip(proof[place], from);
                if (log.verifyConsistency(from, root, proof)) return "a flipped consistency proof held";
            }
        }
        if (!log.verifyConsistency(0, sha256(""), new bytes32[](0))) return "the empty tree was refused";
        if (log.verifyConsistency(0, bytes32(0), new bytes32[](0))) return "another empty tree held";
        if (log.verifyConsistency(size + 1, log.root(), new bytes32[](0))) return "a larger tree held";
        return "";
    }

    function flip(bytes32 hash, uint256 bit) private pure returns (bytes32) {
        return hash ^ bytes32(1 << (bit % 256));
    }

    function longer(bytes32[] memory path) private pure returns (bytes32[] memory result) {
        result = new bytes32[](path.length + 1);
        for (uint256 i = 0; i < path.length; ++i) {
            result[i] = path[i];
        }
        result[path.length] = keccak256("a hash too many");
    }

    function shorter(bytes32[] memory path) private pure returns (bytes32[] memory result) {
        result = new bytes32[](path.length - 1);
        for (uint256 i = 0; i < result.length; ++i) {
            result[i] = path[i];
        }
    }
}
