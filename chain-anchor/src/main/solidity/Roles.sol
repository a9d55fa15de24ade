// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Roles
/// @notice The numbers under which the access manager knows who may do what. What is given to no role, such as
/// setting terms, is the manager's administrator's: the timelock's, that acts on votes.
library Roles {
    /// @notice Moves settled OPEN: {Escrow.withdraw}, {Escrow.fund} and {RewardDistributor.publish}.
    uint64 internal constant OPERATOR = 1;

    /// @notice Punishes faults: {NodeRegistry.slash} and {NodeRegistry.hold}. The court's, that acts on evidence.
    uint64 internal constant SLASHER = 2;

    /// @notice Sets what is governed: {PolicyBoard.publish}. The timelock's, that acts on votes.
    uint64 internal constant GOVERNANCE = 3;

    /// @notice Judges appeals: {DisputeCourt.judge}.
    uint64 internal constant JUDGE = 4;
}
