// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Campaign
/// @notice Random use and abuse of one contract, and the laws it must keep throughout. Invariants.t.sol runs each
/// campaign over the real contract, PlantedBugs.t.sol over copies with one protection taken out.
abstract contract Campaign {
    string private _breach;
    uint256 private _steps;

    /// @notice One action, drawn from `random`.
    /// @dev Hashed, because forge likes to draw small and extreme numbers, and repeats them.
    function step(uint256 random) external {
        act(uint256(keccak256(abi.encode(random, ++_steps))));
    }

    /// @return The law that does not hold; empty while all do.
    function brokenLaw() external view returns (string memory) {
        return bytes(_breach).length != 0 ? _breach : unbalanced();
    }

    /// @dev Honest actions must succeed; what abuse achieves becomes a {breach}.
    function act(uint256 random) internal virtual;

    /// @return What is wrong with the contract's state.
    function unbalanced() internal view virtual returns (string memory);

    function breach(string memory law) internal {
        if (bytes(_breach).length == 0) _breach = law;
    }
}
