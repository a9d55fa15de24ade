// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Groth16Key
/// @notice A verification key as the code of a contract, behind a byte that stops whoever calls it.
contract Groth16Key {
    constructor(bytes memory key) {
        bytes memory code = bytes.concat(hex"00", key);
        assembly ("memory-safe") {
            return(add(code, 32), mload(code))
        }
    }
}

/// @title Groth16
/// @notice Checks proofs of Groth (EUROCRYPT 2016) over BN254 by the precompiles of EIP-196 and EIP-197:
///
///   e(-A, B) e(alpha, beta) e(key[0] + sum of signal[i] key[i + 1], gamma) e(C, delta) = 1
///
/// @dev A key lies in the code of a {Groth16Key}, because code is cheaper to read than storage: alpha, beta, gamma, delta,
/// key[0], then one point for each signal, each as the precompiles take it.
library Groth16 {
    /// @param a in G1.
    /// @param b in G2, imaginary parts first.
    /// @param c in G1.
    struct Proof {
        uint256[2] a;
        uint256[4] b;
        uint256[2] c;
    }

    /// @notice The gas that is left could end the pairing, and that would look like a false proof.
    error NotEnoughGas(uint256 needed);

    /// @notice What signals are numbers below.
    uint256 internal constant SCALAR_FIELD =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    uint256 private constant BASE_FIELD = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    uint256 private constant PAIRING_GAS = 190_000;
    uint256 private constant FIXED_BYTES = 448;
    uint256 private constant POINT_BYTES = 64;

    /// @return Whether a key of that many bytes is for that many signals.
    function fits(uint256 keyBytes, uint256 signals) internal pure returns (bool) {
        return keyBytes == FIXED_BYTES + POINT_BYTES * (signals + 1);
    }

    /// @notice Whether `proof` shows the statement of `key` for `signals`.
    /// @dev Signals at or above the field's order are refused: they would be further names of the same statement.
    function holds(address key, uint256[] memory signals, Proof calldata proof) internal view returns (bool) {
        for (uint256 i = 0; i < signals.length; ++i) {
            if (signals[i] >= SCALAR_FIELD) return false;
        }
        uint256[2] calldata a = proof.a;
        if (a[1] == 0 || a[1] >= BASE_FIELD) return false;

        uint256[] memory words = new uint256[]((FIXED_BYTES + POINT_BYTES * (signals.length + 1)) / 32);
        uint256[24] memory pairs;
        assembly ("memory-safe") {
            extcodecopy(key, add(words, 32), 1, shl(5, mload(words)))
        }
        sumUp(words, signals, pairs);
        (pairs[0], pairs[1]) = (a[0], BASE_FIELD - a[1]);
        uint256[4] calldata b = proof.b;
        uint256[2] calldata c = proof.c;
        assembly ("memory-safe") {
            let parts := add(words, 32)
            calldatacopy(add(pairs, 64), b, 128)
            // alpha and beta, gamma behind the sum, C and delta
            mcopy(add(pairs, 192), parts, 192)
            mcopy(add(pairs, 448), add(parts, 192), 128)
            calldatacopy(add(pairs, 576), c, 64)
            mcopy(add(pairs, 640), add(parts, 320), 128)
        }
        return isOne(pairs);
    }

    /// @dev Puts key[0] + sum of signal[i] key[i + 1] where the third pair begins, and works in the room behind it, which is
    /// filled later: the running sum, then the next term or what it is made of.
    function sumUp(uint256[] memory words, uint256[] memory signals, uint256[24] memory pairs) private view {
        bool done = true;
        assembly ("memory-safe") {
            let sum := add(pairs, 384)
            let term := add(sum, 64)
            let point := add(words, 480)
            mcopy(sum, point, 64)
            let signal := add(signals, 32)
            for { let end := add(signal, shl(5, mload(signals))) } lt(signal, end) { signal := add(signal, 32) } {
                point := add(point, 64)
                mcopy(term, point, 64)
                mstore(add(term, 64), mload(signal))
                done := and(done, staticcall(gas(), 7, term, 96, term, 64))
                done := and(done, staticcall(gas(), 6, sum, 128, sum, 64))
            }
        }
        // The key's points are points, so only gas can be missing.
        if (!done) revert NotEnoughGas(PAIRING_GAS);
    }

    /// @dev The precompile fails for points that are none, which is an answer, and for lack of gas, which is not.
    function isOne(uint256[24] memory pairs) private view returns (bool) {
        if (gasleft() < PAIRING_GAS) revert NotEnoughGas(PAIRING_GAS);
        uint256[1] memory result;
        bool done;
        assembly ("memory-safe") {
            done := staticcall(gas(), 8, pairs, 768, result, 32)
        }
        return done && result[0] == 1;
    }
}
