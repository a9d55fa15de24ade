// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Roles
/// @notice The numbers under which the access manager knows who may do what. What is given to no role, such as
/// setting terms, is the manager's administrator's: an operator's key in development, governance later.
library Roles {
    /// @notice Moves settled OPEN: {Escrow.withdraw}, {Escrow.fund} and {RewardDistributor.publish}.
    uint64 internal constant OPERATOR = 1;

    /// @notice Judges faults: {NodeRegistry.slash}.
    uint64 internal constant SLASHER = 2;
}
