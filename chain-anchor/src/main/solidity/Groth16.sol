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
        uint256[] memory words = new uint256[]((FIXED_BYTES + POINT_BYTES * (signals.length + 1)) / 32);
        assembly ("memory-safe") {
            extcodecopy(key, add(words, 32), 1, shl(5, mload(words)))
        }
        uint256[2] memory sum = [words[14], words[15]];
        for (uint256 i = 0; i < signals.length; ++i) {
            if (signals[i] >= SCALAR_FIELD) return false;
            sum = added(sum, multiplied(words[16 + 2 * i], words[17 + 2 * i], signals[i]));
        }
        if (proof.a[1] == 0 || proof.a[1] >= BASE_FIELD) return false;

        uint256[24] memory pairs;
        (pairs[0], pairs[1]) = (proof.a[0], BASE_FIELD - proof.a[1]);
        for (uint256 i = 0; i < 4; ++i) {
            pairs[2 + i] = proof.b[i];
            pairs[8 + i] = words[2 + i];
            pairs[14 + i] = words[6 + i];
            pairs[20 + i] = words[10 + i];
        }
        (pairs[6], pairs[7]) = (words[0], words[1]);
        (pairs[12], pairs[13]) = (sum[0], sum[1]);
        (pairs[18], pairs[19]) = (proof.c[0], proof.c[1]);
        return isOne(pairs);
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

    function multiplied(uint256 x, uint256 y, uint256 factor) private view returns (uint256[2] memory product) {
        uint256[3] memory input = [x, y, factor];
        bool done;
        assembly ("memory-safe") {
            done := staticcall(gas(), 7, input, 96, product, 64)
        }
        // The key's points are points, so only gas can be missing.
        if (!done) revert NotEnoughGas(PAIRING_GAS);
    }

    function added(uint256[2] memory left, uint256[2] memory right) private view returns (uint256[2] memory sum) {
        uint256[4] memory input = [left[0], left[1], right[0], right[1]];
        bool done;
        assembly ("memory-safe") {
            done := staticcall(gas(), 6, input, 128, sum, 64)
        }
        if (!done) revert NotEnoughGas(PAIRING_GAS);
    }
}
